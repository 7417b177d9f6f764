"""An edge: a process that serves sockets, the page and reads, and follows a core over NATS (docs/scale.md).

Open `serve.py` first, then `app.py`. `follower.py` receives the stream, `replica.py` passes its updates to the hub, and
`core_client.py` asks the core. The handlers are in `handlers/edge/`. Imported only with `--role edge`.
"""
