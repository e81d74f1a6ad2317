import type { BarrelModel, ModuleLine } from '../barrel-model.ts';
import { directoryOf, isInside } from '../specifier.ts';

export interface BarrelQuestion {
  /** Absolute path of the file that declares the new table or enum. */
  readonly file: string;
  /** Files that drizzle-kit loads. */
  readonly entries: readonly string[];
  /** Whether drizzle-kit would load a new file at this path by itself. */
  readonly globMatches: (path: string) => boolean;
  /** What every file of the project passes on, by its path. */
  readonly models: ReadonlyMap<string, BarrelModel>;
  /** Whether a file declares tables or enums: the neighbours that a barrel lists. */
  readonly isSchemaFile: (path: string) => boolean;
}

export type BarrelAnswer =
  /** drizzle-kit sees the file already, and nothing lists most of its neighbours; `leavesOut` lists some. */
  | { readonly kind: 'none'; readonly leavesOut?: string }
  | { readonly kind: 'edit'; readonly path: string }
  /** Each domain has an index of its own: a new one like `like` at `path`, named in `parent`. */
  | { readonly kind: 'create'; readonly path: string; readonly like: string; readonly parent: string }
  /** drizzle-kit would not see the file and no file that it loads passes others on. */
  | { readonly kind: 'unreachable' };

/** Decides which barrel must name a file so that drizzle-kit (and the application) sees what is in it. */
export function planBarrel(question: BarrelQuestion): BarrelAnswer {
  const reachable = reachableFiles(question);
  if (isNamedFully(question, reachable)) return { kind: 'none' };
  if (question.globMatches(question.file)) return listingBarrel(question);
  const barrel = nearestBarrel(question, reachable);
  if (barrel === undefined) return emptyEntry(question);
  return folderIndex(question, barrel) ?? { kind: 'edit', path: barrel.path };
}

/** Files below the entries, along every line that passes a file on. */
function reachableFiles({ entries, models }: BarrelQuestion): ReadonlySet<string> {
  const found = new Set<string>();
  const waiting = [...entries];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (found.has(path)) continue;
    found.add(path);
    waiting.push(...passedOn(models.get(path)).map((line) => line.path));
  }
  return found;
}

/** Lines through which a file's tables come out of a barrel. */
function passedOn(model: BarrelModel | undefined): readonly ModuleLine[] {
  return (model?.lines ?? []).filter(
    (line) => !line.isTypeOnly && (line.kind.startsWith('export') || isCollected(model!, line)),
  );
}

function isCollected(model: BarrelModel, line: ModuleLine): boolean {
  const names = new Set(
    line.namespace === undefined ? (line.names?.items ?? []).map((name) => name.alias) : [line.namespace],
  );
  const isExported = model.localExports.some((list) => list.names.items.some((item) => names.has(item.name)));
  return isExported || model.objects.some((object) => object.items.some((item) => names.has(item.value)));
}

/** A file that is loaded as it is, or whose every name a reachable barrel passes on, needs no line. */
function isNamedFully({ file, entries, models }: BarrelQuestion, reachable: ReadonlySet<string>): boolean {
  if (entries.includes(file)) return true;
  return [...reachable].some((path) =>
    passedOn(models.get(path)).some((line) => line.path === file && line.kind === 'export-star'),
  );
}

/** Where a glob loads the files, a barrel beside them is the application's: it gets the line when it lists most of them. */
function listingBarrel({ file, models, isSchemaFile }: BarrelQuestion): BarrelAnswer {
  const directory = directoryOf(file);
  const siblings = [...models.keys()].filter(
    (path) => path !== file && directoryOf(path) === directory && isSchemaFile(path),
  );
  const rated = [...models.values()].map((model) => {
    const listed = new Set(passedOn(model).map((line) => line.path));
    const others = siblings.filter((path) => path !== model.path);
    const share = others.filter((path) => listed.has(path)).length / Math.max(others.length, 1);
    return { path: model.path, share };
  });
  const [best] = rated.toSorted((a, b) => b.share - a.share);
  if (best === undefined || best.share === 0) return { kind: 'none' };
  return best.share > 0.5 ? { kind: 'edit', path: best.path } : { kind: 'none', leavesOut: best.path };
}

interface Candidate {
  readonly model: BarrelModel;
  readonly score: readonly number[];
}

function nearestBarrel(question: BarrelQuestion, reachable: ReadonlySet<string>): BarrelModel | undefined {
  const candidates = [...reachable]
    .map((path) => question.models.get(path))
    .filter((model): model is BarrelModel => model !== undefined && model.path !== question.file)
    .flatMap((model) => rate(question, model))
    .toSorted((a, b) => compareScores(b.score, a.score));
  return candidates[0]?.model;
}

/** A barrel that names the file already, then one above the file, the deeper the better, then the one with most lines. */
function rate(question: BarrelQuestion, model: BarrelModel): Candidate[] {
  const lines = passedOn(model);
  const targets = lines.filter(
    (line) => question.isSchemaFile(line.path) || folderBarrelOf(question, line.path),
  );
  if (targets.length === 0) return [];
  const directory = directoryOf(model.path);
  const isAbove = isInside(question.file, directory);
  const isNamed = lines.some((line) => line.path === question.file);
  return [
    { model, score: [isNamed ? 1 : 0, isAbove ? 1 : 0, isAbove ? directory.length : 0, targets.length] },
  ];
}

function compareScores(a: readonly number[], b: readonly number[]): number {
  const different = a.findIndex((value, index) => value !== b[index]);
  return different === -1 ? 0 : a[different]! - b[different]!;
}

/** An index file that passes on schema files of its own folder. */
function folderBarrelOf({ models, isSchemaFile }: BarrelQuestion, path: string): BarrelModel | undefined {
  const model = models.get(path);
  if (model === undefined || !/\/index\.[cm]?tsx?$/.test(path)) return undefined;
  const own = passedOn(model).filter(
    (line) => directoryOf(line.path) === directoryOf(path) && isSchemaFile(line.path),
  );
  return own.length > 0 ? model : undefined;
}

function folderIndex(question: BarrelQuestion, barrel: BarrelModel): BarrelAnswer | undefined {
  const directory = directoryOf(question.file);
  if (directory === directoryOf(barrel.path)) return undefined;
  const lines = passedOn(barrel);
  const folders = lines.filter((line) => folderBarrelOf(question, line.path));
  const like = folders.at(-1);
  if (like === undefined || folders.length * 2 < lines.length) return undefined;
  return { kind: 'create', path: `${directory}/index.ts`, like: like.path, parent: barrel.path };
}

/** The schema file of a new project, with nothing in it yet. */
function emptyEntry({ entries, isSchemaFile }: BarrelQuestion): BarrelAnswer {
  const [entry, ...more] = entries;
  const isFree = entry !== undefined && more.length === 0 && !isSchemaFile(entry);
  return isFree ? { kind: 'edit', path: entry } : { kind: 'unreachable' };
}
