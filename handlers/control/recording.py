"""The recording of a world over REST."""

from handlers.control.base import ControlHandler
from handlers.errors import ApiError

MEDIA_TYPE = "application/x-ndjson"


class RecordingHandler(ControlHandler):
    """`/recording`."""

    async def get(self) -> None:
        """Send the recording so far. Raises: ApiError 404 when this world is not recorded."""
        recording = self.control.recording
        if recording is None:
            raise ApiError(404, "this world is not recorded; start the server with --record")
        self.set_header("Content-Type", MEDIA_TYPE)
        self.set_header("Content-Disposition", 'attachment; filename="recording.ndjson"')
        for chunk in recording.chunks():
            self.write(chunk)
            await self.flush()
        await self.finish()
