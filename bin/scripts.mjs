// Modules of the bundle as scripts: V8 keeps what it made of a script, and Node 20 gives no way to keep that of a module.
import { transform } from 'esbuild';
import { atOnce } from './late-parts.mjs';

/** How esbuild lets others see what is exported: by a function for each name, asked each time. */
const EXPORTS =
  /(__export\d*)\(stdin_exports,\{([^{}]*)\}\);module\.exports=__toCommonJS\d*\(stdin_exports\);/;

/**
 * The same as a function of what a CommonJS module has; every `import()` of it is a `require` that is called later.
 * @param text a module as esbuild writes it @param sourcemap with a map, where the text has its own at its end
 */
export async function asScript(text, sourcemap) {
  const { code, map } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    banner: "(function (require, module, exports, $url, $settled) { 'use strict';",
    footer: END,
    // Read by bytes.
    charset: 'ascii',
    minifySyntax: true,
    minifyWhitespace: true,
    supported: { 'dynamic-import': false },
    sourcemap: sourcemap ? 'external' : false,
  });
  return { code: withValues(atOnce(code)), map };
}

const END = '})';

/** To ask a function for each name at each use takes longer than what is done with it: where it stands, the value is given. */
function withValues(code) {
  const [whole, exporting, names] = EXPORTS.exec(code) ?? [];
  if (whole === undefined) return code;
  const values = names.replaceAll(/:\(\)=>/g, ':');
  const end = code.lastIndexOf(END);
  // What stays is on the same line: every line is where its map says.
  return [
    code.slice(0, end).replace(whole, () => `${exporting}(stdin_exports,{${names}});`),
    `module.exports=$settled({${values}},stdin_exports);${code.slice(end)}`,
  ].join('');
}

/**
 * Scripts in one file, each by its name, and the map of all: https://tc39.es/ecma426/#sec-index-source-map
 * @param names of the scripts @param parts the same as `asScript` gives them
 */
export function asFile(names, parts) {
  const sections = [];
  let code = '({';
  let line = 0;
  for (const [index, part] of parts.entries()) {
    code += `${JSON.stringify(names[index])}:\n`;
    line++;
    if (part.map) sections.push({ offset: { line, column: 0 }, map: JSON.parse(part.map) });
    const text = part.code.replace(/;?\n*$/, '');
    code += `${text},\n`;
    line += text.split('\n').length;
  }
  return { code: `${code}})\n`, map: JSON.stringify({ version: 3, sections }) };
}
