import { parseType } from '../../postgres/sql.ts';
import { addToBarrel } from '../barrel-edit.ts';
import { type BarrelModel, readBarrel } from '../barrel-model.ts';
import { removeFromBarrel } from '../barrel-remove.ts';
import { sortedIndex } from '../sorted.ts';
import { directoryOf, isInside } from '../specifier.ts';
import type { Run } from './context.ts';
import type { EntityDraft } from './draft.ts';
import { type EntityList, entityListsIn } from './entity-lists.ts';
import { entityFilesNear } from './neighbours.ts';
import { itemsOf, withItem, withoutItems } from './snippet.ts';

/** The lists and index files of a project that name its entities. */
export interface Registry {
  readonly lists: readonly EntityList[];
  /** Index files: those that pass entity files on. */
  readonly barrels: readonly BarrelModel[];
}

/** What a file says that may list entities: options, modules, constants of such names, export lists. */
const LISTING =
  /\bentities\s*:|\bforFeature\b|\b(?:const|let)\s+\w*(?:entit|record|model|schema)\w*\s*[:=]|\b\w*(?:entit|record|model|schema)\w*\s*\(\s*\)|\bexport\s+default\s+[[{]|\bexport\s*\{[^}]*\}\s*(?:;|$)/im;

/** Looks for the lists of a project; only files that seem to have one are parsed. */
export function openRegistry({ editing, entities }: Pick<Run, 'editing' | 'entities'>): Registry {
  const { sources, input } = editing;
  const places = entities.places();
  const exported = new Set(places.map((place) => place.exported));
  const files = new Set(places.map(({ path }) => path));
  const listing = sources.paths.flatMap((path) => {
    const isListing = LISTING.test(sources.text(path) ?? '');
    return isListing ? (sources.file(path) ?? []) : [];
  });
  const passing = sources.paths.flatMap((path) =>
    /^\s*export\s[^;]*?\bfrom\b/m.test(sources.text(path) ?? '') ? (sources.file(path) ?? []) : [],
  );
  return {
    lists: listing.flatMap((file) => entityListsIn(file, exported)),
    barrels: passing
      .map((file) => readBarrel(file.path, file.ast, input.resolveImport))
      .map((model) => ({
        ...model,
        objects: [],
        localExports: [],
        lines: model.lines.filter(({ kind }) => kind.startsWith('export')),
      }))
      .filter(({ lines }) => lines.some(({ path }) => files.has(path))),
  };
}

/** Names a new entity wherever its neighbours are named, so that the data source and the modules have it. */
export function register(run: Run, registry: Registry, draft: EntityDraft): void {
  const barrels = barrelsFor(run, registry, draft);
  for (const barrel of barrels) addLine(run, barrel, draft);
  const lists = listsFor(registry, draft, run);
  for (const list of lists) addItem(run, list, draft, new Set(barrels.map(({ path }) => path)));
  const features = registry.lists.filter(({ kind }) => kind === 'feature');
  if (features.length > 0 && !lists.some(({ kind }) => kind === 'feature'))
    run.editing.notice({
      severity: 'info',
      rule: 'not-in-a-module',
      message: `no module near ${draft.path} has TypeOrmModule.forFeature: add ${draft.exported} to the module that is to use it`,
      file: draft.path,
    });
  const { globMatches } = run.editing.input;
  const isListed = lists.some(({ kind }) => kind !== 'feature') || barrels.length > 0;
  if (!isListed && !globMatches(draft.path) && !isAutoLoaded(run, lists))
    run.editing.notice({
      severity: 'warning',
      rule: 'entity-not-registered',
      message: `the data source does not load ${draft.path}: no list of entities was found to add ${draft.exported} to`,
      file: draft.path,
    });
}

/** `autoLoadEntities` of Nest takes what forFeature names. */
function isAutoLoaded({ editing }: Run, lists: readonly EntityList[]): boolean {
  return (
    lists.some(({ kind }) => kind === 'feature') && editing.sources.filesWith('autoLoadEntities').length > 0
  );
}

function addLine(run: Run, barrel: BarrelModel, draft: EntityDraft): void {
  const { editing } = run;
  const entityFiles = new Set(entityFilesNear(draft.path, editing.sources));
  const { quote, semicolon, eol } = editing.style(barrel.path);
  const edits = addToBarrel(barrel, {
    file: draft.path,
    values: [draft.exported, ...(listsEnums(barrel, entityFiles) ? enumsBeside(run, draft) : [])],
    types: [],
    isSchemaFile: (path) => entityFiles.has(path),
    fallback: { quote, semicolon, eol },
  });
  for (const edit of edits) editing.edit(barrel.path, edit);
}

/** Whether a line of an index file names more of an entity's file than its class. */
function listsEnums({ lines }: BarrelModel, entityFiles: ReadonlySet<string>): boolean {
  return lines.some(({ path, names }) => entityFiles.has(path) && (names?.items.length ?? 0) > 1);
}

/** The enums of an entity's columns that its own file declares. */
function enumsBeside({ enumRef }: Run, { columns, path }: EntityDraft): readonly string[] {
  const declared = columns.flatMap(({ def }) => {
    const { schema = 'public', name } = parseType(def.type);
    const { declared: place } = enumRef({ schema, name }) ?? {};
    return place?.path === path ? [place.name] : [];
  });
  return [...new Set(declared)];
}

/** Index files that pass on the entities of the same folder, or most of all entities. */
function barrelsFor({ editing }: Run, { barrels }: Registry, draft: EntityDraft): readonly BarrelModel[] {
  const all = entityFilesNear(draft.path, editing.sources).filter((path) => path !== draft.path);
  const folder = directoryOf(draft.path);
  const beside = all.filter((path) => directoryOf(path) === folder);
  return barrels.filter(({ lines }) => {
    const listed = new Set(lines.map(({ path }) => path));
    const ofFolder = beside.filter((path) => listed.has(path)).length;
    return beside.length > 0
      ? ofFolder * 2 > beside.length || (ofFolder === beside.length && ofFolder > 0)
      : all.filter((path) => listed.has(path)).length * 2 > all.length;
  });
}

/** Lists of a data source that hold entities of the same folder (or most of all), and the nearest module's. */
function listsFor({ lists }: Registry, draft: EntityDraft, { entities }: Run): readonly EntityList[] {
  const folder = directoryOf(draft.path);
  const pathOf = new Map(entities.places().map(({ exported, path }) => [exported, path] as const));
  const isBeside = (name: string) => directoryOf(pathOf.get(name) ?? '') === folder;
  const beside = [...pathOf.keys()].filter((name) => name !== draft.exported && isBeside(name));
  // A constant that names a few of them is a choice of somebody's.
  const isNear = ({ kind, items, spread }: EntityList) => {
    const near = new Set([...items, ...spread].filter((item) => item !== undefined && isBeside(item))).size;
    return kind === 'constant' ? near * 2 > beside.length : near > 0;
  };
  const whole = lists.filter(({ kind }) => kind !== 'feature');
  const most = Math.max(0, ...whole.map(({ items }) => items.length));
  const named = whole.filter((list) => isNear(list) || list.items.length === most);
  const features = lists
    .filter(({ kind, file }) => kind === 'feature' && isInside(draft.path, directoryOf(file.path)))
    .toSorted((a, b) => b.file.path.split('/').length - a.file.path.split('/').length);
  const deepest = features[0];
  const isOwnModule = deepest !== undefined && (isNear(deepest) || directoryOf(deepest.file.path) === folder);
  return [...named, ...(isOwnModule ? [deepest] : [])];
}

function addItem({ editing }: Run, list: EntityList, draft: EntityDraft, barrels: ReadonlySet<string>): void {
  const { file } = list;
  const through = file.imports.find(
    (line) => line.path !== undefined && barrels.has(line.path) && (line.names?.items.length ?? 0) > 0,
  );
  const isHere = file.path === draft.path;
  const path = through?.path ?? draft.path;
  const local = isHere
    ? draft.exported
    : editing.needImport(file.path, { from: { path }, name: draft.exported });
  const item = list.isObject && local !== draft.exported ? `${draft.exported}: ${local}` : local;
  editing.rewrite(file.path, list.span, (text) => {
    const items = itemsOf(text) ?? [];
    if (items.includes(item)) return text;
    const plain = items.filter((each) => /^[\w$.]+$/.test(each));
    const index = plain.length === items.length ? sortedIndex(items, item) : undefined;
    return withItem(text, item, { eol: editing.style(file.path).eol, index });
  });
}

/** Takes a dropped entity out of every list and index file. */
export function unregister(
  { editing }: Run,
  registry: Registry,
  draft: EntityDraft,
  isFileGone: boolean,
): void {
  for (const list of registry.lists) {
    const indexes = list.items.flatMap((item, index) => (item === draft.exported ? [index] : []));
    if (indexes.length > 0)
      editing.rewrite(list.file.path, list.span, (text) => withoutNamed(text, list, draft.exported));
  }
  for (const barrel of registry.barrels)
    for (const edit of removeFromBarrel(barrel, {
      file: draft.path,
      names: isFileGone ? 'all' : [draft.exported],
    }))
      editing.edit(barrel.path, edit);
}

/** By name, since an earlier edit may have moved the items. */
function withoutNamed(text: string, { file }: EntityList, exported: string): string {
  const aliases = file.imports.flatMap((line) => line.names?.items ?? []);
  const local = aliases.find(({ name }) => name === exported)?.alias ?? exported;
  const indexes = (itemsOf(text) ?? []).flatMap((item, index) =>
    item === local || item.endsWith(`.${exported}`) || item.endsWith(`: ${local}`) ? [index] : [],
  );
  return withoutItems(text, indexes);
}
