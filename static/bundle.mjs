/**
 * Bundles the page: the scripts and styles of each page in a few files in `dist/`, whose names contain a digest of their content,
 * and the pages that use them. The server serves them in place of the source while `dist/bundle.json` names the source as it is
 * (`handlers/page_bundle.py`).
 *
 *     node bundle.mjs
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";

const ROOT = fileURLToPath(new URL(".", import.meta.url));
const DIST = join(ROOT, "dist");
/** Takes the place of `dist` when it is complete, because a server may be running. Two bundlers do not disturb each other. */
const NEXT = join(ROOT, `dist.${process.pid}`);
const PAGES = ["index.html", "tradingview.html"];
const ICON = "favicon.svg";
const CHART_LIBRARY = "node_modules/lightweight-charts/dist/lightweight-charts.standalone.production.mjs";
/** Compressed with brotli beside the file itself, for clients that accept it. */
const COMPRESSED = [".js", ".css"];

const STYLE = /[ \t]*<link rel="stylesheet" href="([^"]+)">\n/g;
const SCRIPT = /<script type="module" src="([^"]+)"><\/script>/;

/** Resolves the address of the chart library, which has its own route on the server. @type {import("esbuild").Plugin} */
const chartLibrary = {
  name: "chart-library",
  setup: (context) => context.onResolve({ filter: /^\/vendor\/lightweight-charts\.mjs$/ }, () => ({ path: join(ROOT, CHART_LIBRARY) })),
};

/**
 * A digest of all source files, by their names and contents. `page_bundle.py` computes the same.
 * @returns {string} in hexadecimal
 */
function sourceDigest() {
  const files = ["css", "js"].flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true })
    .filter((name) => [".css", ".js"].includes(extname(name))).map((name) => `${folder}/${name}`));
  const hash = createHash("sha256");
  for (const file of [...files, ...PAGES, ICON].sort()) hash.update(`${file}\n`).update(readFileSync(join(ROOT, file)));
  return hash.digest("hex");
}

/**
 * @param {string} name
 * @param {string | Buffer} content
 * @returns {string} the name with a digest of the content
 */
function contentName(name, content) {
  const digest = createHash("sha256").update(content).digest("hex").slice(0, 8).toUpperCase();
  return `${basename(name, extname(name))}-${digest}${extname(name)}`;
}

/**
 * The files of a page, read from its source.
 * @param {string} name
 */
function readPage(name) {
  const html = readFileSync(join(ROOT, name), "utf8");
  const script = SCRIPT.exec(html)?.[1];
  if (!script) throw new Error(`${name} has no module script`);
  return { name, html, script, styles: [...html.matchAll(STYLE)].map(([, path]) => path) };
}

/**
 * Bundle the style sheets of a page, in their order.
 * @param {{name: string, styles: string[]}} page
 * @returns {Promise<string>} the name of the file
 */
async function bundleStyles({ name, styles }) {
  const contents = styles.map((path) => `@import "./${path}";`).join("\n");
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: ROOT, loader: "css" }, bundle: true, minify: true, write: false, logLevel: "warning",
  });
  const file = contentName(`${basename(name, ".html")}.css`, outputFiles[0].text);
  writeFileSync(join(NEXT, file), outputFiles[0].text);
  return file;
}

/**
 * Copy the icon of the pages: under a content name, the browser asks for it once. Without its line end it is not the same
 * file as its source, which the check of the wheel would take for a mistake.
 * @returns {string} the name of the file
 */
function copyIcon() {
  const content = Buffer.from(readFileSync(join(ROOT, ICON), "utf8").trimEnd());
  const file = contentName(ICON, content);
  writeFileSync(join(NEXT, file), content);
  return file;
}

/** @type {import("esbuild").BuildOptions} */
const SCRIPTS = {
  absWorkingDir: ROOT, outdir: NEXT, bundle: true, splitting: true, format: "esm", target: "es2022", minify: true, metafile: true,
  plugins: [chartLibrary], logLevel: "warning", entryNames: "[name]-[hash]", chunkNames: "[name]-[hash]",
};

/**
 * Bundle a script. What it imports at once is in one file, `core-[digest].js`, but for the modules that import others later; each part
 * that is imported later is a file. (esbuild alone would make a file of each combination of parts that share a module.)
 * @param {string} script
 * @returns {Promise<{file: string, core: string}>}
 */
async function bundleScript(script) {
  const modules = await modulesAtOnce(script);
  const core = await bundleCore([...modules.keys()]);
  const { metafile } = await build({ ...SCRIPTS, entryPoints: [script], plugins: [chartLibrary, coreImports(modules, core)] });
  const file = Object.keys(metafile.outputs).find((path) => metafile.outputs[path].entryPoint === script);
  if (!file) throw new Error(`${script} was not bundled`);
  return { file: basename(file), core };
}

/**
 * @param {string} script
 * @returns {Promise<Map<string, string[]>>} the modules that a script imports at once and that import none later, and what they export
 */
async function modulesAtOnce(script) {
  const { metafile: { inputs } } = await build({ ...SCRIPTS, entryPoints: [script], write: false });
  const found = new Set();
  const add = (path) => {
    if (found.has(path)) return;
    found.add(path);
    for (const { path: imported, kind } of inputs[path].imports) if (kind === "import-statement") add(imported);
  };
  add(script);
  const entryPoints = [...found].filter((path) => inputs[path].imports.every(({ kind }) => kind === "import-statement"));
  const { metafile: { outputs } } = await build({ ...SCRIPTS, entryPoints, write: false });
  const entries = Object.values(outputs).filter(({ entryPoint }) => entryPoints.includes(entryPoint));
  return new Map(entries.map(({ entryPoint, exports }) => [entryPoint, exports]));
}

/**
 * @param {string[]} paths modules whose namespaces the file exports, as m0, m1 ...
 * @returns {Promise<string>} the name of the file
 */
async function bundleCore(paths) {
  const contents = paths.map((path, index) => `export * as m${index} from "./${path}";`).join("\n");
  const { outputFiles } = await build({ ...SCRIPTS, stdin: { contents, resolveDir: ROOT }, splitting: false, write: false });
  const file = contentName("core.js", outputFiles[0].text);
  writeFileSync(join(NEXT, file), outputFiles[0].text);
  return file;
}

/**
 * Takes the modules of the core from its file. Each importer has its own copy of the few lines that do so: a shared copy would be
 * another file.
 * @param {Map<string, string[]>} modules
 * @param {string} core
 * @returns {import("esbuild").Plugin}
 */
function coreImports(modules, core) {
  const numbers = new Map([...modules.keys()].map((path, index) => [join(ROOT, path), index]));
  return {
    name: "core-imports",
    setup(context) {
      context.onResolve({ filter: /^\./ }, ({ path, resolveDir, importer, kind }) => {
        const target = resolve(resolveDir, path);
        return kind === "import-statement" && numbers.has(target) ? { path: target, namespace: "core", pluginData: target, suffix: `?${importer}` } : null;
      });
      context.onResolve({ filter: /^core:$/ }, () => ({ path: `./${core}`, external: true }));
      context.onLoad({ filter: /./, namespace: "core" }, ({ pluginData: target }) => {
        const name = `m${numbers.get(target)}`;
        const exported = modules.get(target.slice(ROOT.length)) ?? [];
        return { contents: `import { ${name} } from "core:";\nexport const { ${exported.join(", ")} } = ${name};` };
      });
    },
  };
}

/**
 * Write a page that uses the bundled files.
 * @param {{name: string, html: string}} page
 * @param {string} style
 * @param {{file: string, core: string}} script
 * @param {string} icon
 */
function writePage({ name, html }, style, { file, core }, icon) {
  const links = `  <link rel="stylesheet" href="dist/${style}">\n  <link rel="modulepreload" href="dist/${core}">\n`;
  let isFirst = true;
  const bundled = html
    .replace(STYLE, () => {
      const text = isFirst ? links : "";
      isFirst = false;
      return text;
    })
    .replace(`href="${ICON}"`, `href="dist/${icon}"`)
    .replace(SCRIPT, `<script type="module" src="dist/${file}"></script>`);
  writeFileSync(join(NEXT, name), bundled);
}

rmSync(NEXT, { recursive: true, force: true });
mkdirSync(NEXT);
const pages = PAGES.map(readPage);
const icon = copyIcon();
for (const page of pages) writePage(page, await bundleStyles(page), await bundleScript(page.script), icon);
for (const file of readdirSync(NEXT).filter((name) => COMPRESSED.includes(extname(name)))) {
  writeFileSync(join(NEXT, `${file}.br`), brotliCompressSync(readFileSync(join(NEXT, file))));
}
writeFileSync(join(NEXT, "bundle.json"), `${JSON.stringify({ source: sourceDigest() })}\n`);
rmSync(DIST, { recursive: true, force: true });
renameSync(NEXT, DIST);
