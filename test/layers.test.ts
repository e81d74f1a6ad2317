import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { globSync } from 'tinyglobby';
import { ts } from 'ts-morph';
import { expect, it } from 'vitest';

/** The rooms of `src/`, from the lowest: each imports from itself and from those before it. Files of `src/` itself by their names. */
const ROOMS = [
  ['errors.ts', 'limits.ts', 'json.ts', 'link-out.ts', 'read-regular-file.ts'],
  ['last-output.ts', 'child-processes.ts', 'package-folder.ts'],
  ['postgres'],
  ['workspace'],
  ['plan'],
  ['schema'],
  ['review'],
  ['rehearse'],
  ['project'],
  ['report'],
  ['record'],
  ['docs'],
  ['orm'],
  ['crud'],
  ['init'],
  ['page'],
  ['ask'],
  ['completion'],
  ['pipeline'],
  ['pipeline.ts'],
  ['commands'],
  ['cli'],
  ['index.ts', 'cli.ts', 'plop.ts'],
] as const;

const files = globSync('src/**/*.ts').toSorted();
/** What each file loads when it runs, at once or later; types are gone by then. */
const imports = new Map(files.map((file) => [file, importsOf(file)]));

function importsOf(file: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (isImport(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier) && hasValues(node))
      found.push(node.moduleSpecifier.text);
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [module] = node.arguments;
      if (module && ts.isStringLiteral(module)) found.push(module.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest));
  return found.filter((module) => module.startsWith('.')).map((module) => join(dirname(file), module));
}

function isImport(node: ts.Node): node is ts.ImportDeclaration | ts.ExportDeclaration {
  return ts.isImportDeclaration(node) || ts.isExportDeclaration(node);
}

function hasValues(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) return !node.isTypeOnly;
  const { importClause } = node;
  if (!importClause) return true;
  if (importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return false;
  const names = importClause.namedBindings;
  return !(names && ts.isNamedImports(names)) || names.elements.some(({ isTypeOnly }) => !isTypeOnly);
}

function layerOf(file: string): number {
  const [, room = ''] = file.split('/');
  return ROOMS.findIndex((rooms) => (rooms as readonly string[]).includes(room));
}

it('every room has its place among the others', () => {
  expect(files.filter((file) => layerOf(file) === -1)).toEqual([]);
});

it('nothing imports upwards', () => {
  const upwards = files.flatMap((file) =>
    imports.get(file)!.flatMap((target) => (layerOf(target) > layerOf(file) ? [`${file} -> ${target}`] : [])),
  );
  expect(upwards).toEqual([]);
});

it('no file imports itself by a way round', () => {
  const circles: string[] = [];
  const done = new Set<string>();
  const follow = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) {
      circles.push([...way.slice(way.indexOf(file)), file].join(' -> '));
      return;
    }
    if (done.has(file)) return;
    done.add(file);
    for (const target of imports.get(file) ?? []) follow(target, [...way, file]);
  };
  for (const file of files) follow(file, []);
  expect(circles).toEqual([]);
});

it('an ORM is chosen in its own folder and nowhere else', () => {
  const choosing = files.filter(
    (file) =>
      !file.startsWith('src/orm/') &&
      // A stack of CRUD is made for one ORM, and says for which.
      !file.startsWith('src/crud/') &&
      /\borm\s*[!=]==\s*'/.test(readFileSync(file, 'utf8')),
  );
  expect(choosing).toEqual([]);
});
