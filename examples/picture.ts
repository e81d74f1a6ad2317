import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** `npm run picture`: docs/run.svg, the output of a real run on the Drizzle example, as a terminal shows it. */
const repo = resolve(import.meta.dirname, '..');
const COMMAND = ['migration', 'plans/products.yaml'];
const COLUMNS = 112;
const [CHARACTER, LINE, MARGIN] = [8, 20, 24];

const project = mkdtempSync(join(tmpdir(), 'tableplan-picture-'));
try {
  cpSync(join(repo, 'examples/drizzle-shop'), project, { recursive: true });
  symlinkSync(join(repo, 'node_modules'), join(project, 'node_modules'));
  const output = execFileSync(
    process.execPath,
    ['--import', 'tsx', join(repo, 'src/cli.ts'), ...COMMAND, '--no-input', '--cwd', project],
    { cwd: repo, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  );
  writeFileSync(
    join(repo, 'docs/run.svg'),
    svg([`$ npx tableplan ${COMMAND.join(' ')}`, ...output.trimEnd().split('\n')]),
  );
} finally {
  rmSync(project, { recursive: true, force: true });
}

function svg(lines: readonly string[]): string {
  const shown = lines.flatMap(wrapped);
  const width = COLUMNS * CHARACTER + 2 * MARGIN;
  const height = shown.length * LINE + 2 * MARGIN;
  const texts = shown.map(
    (line, index) =>
      `  <text x="${MARGIN}" y="${MARGIN + (index + 0.8) * LINE}" class="${kindOf(line)}">${escaped(line.replaceAll('\t', '  '))}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">
  <title>A run of tableplan in a terminal</title>
  <style>
    text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #d0d7de; white-space: pre }
    .command { fill: #7ee787; font-weight: bold }
    .heading { fill: #ffffff; font-weight: bold }
    .file { fill: #79c0ff }
    .quiet { fill: #9198a1 }
  </style>
  <rect width="100%" height="100%" rx="8" fill="#0d1117"/>
${texts.join('\n')}
</svg>
`;
}

/** At spaces, so that no line is wider than the picture; the rest is indented. */
function wrapped(line: string): readonly string[] {
  if (line.length <= COLUMNS) return [line];
  const cut = line.lastIndexOf(' ', COLUMNS);
  const at = cut > COLUMNS / 2 ? cut : COLUMNS;
  return [line.slice(0, at), ...wrapped(`    ${line.slice(at).trim()}`)];
}

function kindOf(line: string): string {
  if (line.startsWith('$')) return 'command';
  if (/^(Migration|Rehearsed) /.test(line)) return 'heading';
  if (/^ +(create|modify) /.test(line)) return 'file';
  return line.startsWith('   ') ? 'quiet' : 'text';
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
