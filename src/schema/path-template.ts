import { toCase, type WordCase } from './case.ts';
import { directoryOf } from './specifier.ts';
import { pluralName, singularName } from './word-names.ts';

/** A file and the names of what it declares. */
export interface NamedFile {
  readonly path: string;
  readonly names: readonly string[];
}

/** What a new file is about. */
export interface NewFile {
  readonly name: string;
  readonly domain: string | undefined;
  /** Files that it will have to do with: without a domain it goes where they are, and of two conventions it takes theirs. */
  readonly related?: readonly string[] | undefined;
}

/**
 * The path of a file for `name`, after the pattern that most files follow: `{domain}/{name}.schema.ts`, whatever their
 * case and number. Undefined when no file has its name in its path.
 */
export function pathLike(
  files: readonly NamedFile[],
  { name, domain, related = [] }: NewFile,
): string | undefined {
  const votes = new Map<string, number>();
  for (const file of files)
    for (const pattern of templatesOf(file)) votes.set(pattern, (votes.get(pattern) ?? 0) + 1);
  const nearby = new Set(files.filter(({ path }) => related.includes(path)).flatMap(templatesOf));
  const away = (pattern: string) => (nearby.has(pattern) ? 0 : 1);
  const [best, count] = [...votes].toSorted(
    ([a, votesOfA], [b, votesOfB]) =>
      votesOfB - votesOfA || away(a) - away(b) || preference(a) - preference(b),
  )[0] ?? ['', 0];
  if (count === 0) return undefined;
  const isHabit = count * 2 > files.length;
  const folders = domainFolders(files.map(({ path }) => directoryOf(path)));
  if (folders === undefined || (isHabit && directoryOf(best).includes('{'))) return fill(best, name, domain);
  const file = baseOf(best);
  if (domain !== undefined) return fill(`${folders.of(domain)}/${file}`, name, domain);
  const near = related.map(directoryOf).find((folder) => folders.all.includes(folder));
  if (near !== undefined) return fill(`${near}/${file}`, name, domain);
  return fill(isHabit ? best : `${folders.of(name)}/${file}`, name, domain);
}

/** Folders that are alike but for one part, the domain's: `modules/accounts/persistence`, `modules/auth/persistence`. */
interface DomainFolders {
  readonly all: readonly string[];
  /** What stands for a domain in each. */
  readonly names: readonly string[];
  /** The folder of a domain, in the case of the others. */
  of(domain: string): string;
}

/** Undefined where all folders are one, or differ in more than one part. */
export function domainFolders(folders: readonly string[]): DomainFolders | undefined {
  const all = [...new Set(folders)];
  const parts = all.map((folder) => folder.split('/'));
  const [first, ...others] = parts;
  if (first === undefined || others.length === 0) return undefined;
  if (others.some((each) => each.length !== first.length)) return undefined;
  const differing = first.flatMap((part, at) => (others.every((each) => each[at] === part) ? [] : [at]));
  const [at] = differing;
  if (at === undefined || differing.length > 1) return undefined;
  const names = parts.map((each) => each[at]!);
  return {
    all,
    names,
    of: (domain) =>
      first
        .with(at, names.find((each) => formsOf(domain).includes(each)) ?? toCase(domain, caseOf(names)))
        .join('/'),
  };
}

function caseOf(names: readonly string[]): WordCase {
  if (names.some((name) => name.includes('_'))) return 'snake';
  if (names.every((name) => /^[A-Z]/.test(name))) return 'pascal';
  return names.some((name) => /[a-z][A-Z]/.test(name)) ? 'camel' : 'kebab';
}

/** All the patterns that a file with its first name may follow: paths with `{number:case}` where the name stands. */
export function templatesOf({ path, names }: NamedFile): string[] {
  const [name] = names;
  if (name === undefined || names.length > 2) return [];
  const directory = directoryOf(path).split('/');
  const base = baseOf(path);
  const folders = forms(name).filter((folder) => directory.includes(folder.text));
  const inFolders = folders.map((folder) =>
    directory.with(directory.lastIndexOf(folder.text), holeOf(folder)),
  );
  const files = forms(name).flatMap((form) => fileTemplate(base, form));
  const named = files.flatMap((file) =>
    [directory, ...inFolders].map((segments) => [...segments, file].join('/')),
  );
  return [...named, ...inFolders.map((segments) => [...segments, base].join('/'))];
}

const NUMBERS = ['as-is', 'singular', 'plural'] as const;
const CASES: readonly WordCase[] = ['kebab', 'camel', 'snake', 'pascal'];

/** Of two equally frequent patterns the one with the name in the folder too, and then the first of the usual forms. */
function preference(pattern: string): number {
  const holes = pattern.match(/\{[^}]*\}/g) ?? [];
  const forms = holes.map((hole) => {
    const [number, wordCase] = hole.slice(1, -1).split(':');
    return NUMBERS.indexOf(number as 'as-is') * 10 + CASES.indexOf(wordCase as WordCase);
  });
  return (2 - holes.length) * 1000 + forms.reduce((sum, form) => sum + form, 0);
}

/** `user.schema.ts`, `schema.users.ts`, `usersTable.ts`: the name stands alone between signs or before such a word. */
function fileTemplate(base: string, form: Form): string[] {
  const found = new RegExp(
    `(?<![A-Za-z0-9])${form.text}(?=[^A-Za-z0-9]|(?:Table|Schema|Model|Entity|Record)\\b)`,
  ).exec(base);
  return found === null
    ? []
    : [base.slice(0, found.index) + holeOf(form) + base.slice(found.index + form.text.length)];
}

function holeOf({ number, wordCase }: Form): string {
  return `{${number}:${wordCase}}`;
}

interface Form {
  readonly number: (typeof NUMBERS)[number];
  readonly wordCase: WordCase;
  readonly text: string;
}

function forms(name: string): Form[] {
  return NUMBERS.flatMap((number) =>
    CASES.map((wordCase) => ({ number, wordCase, text: toCase(inNumber(name, number), wordCase) })),
  );
}

/** A name in every case and number. */
export function formsOf(name: string): string[] {
  return forms(name).map((form) => form.text);
}

function inNumber(name: string, number: (typeof NUMBERS)[number]): string {
  if (number === 'as-is') return name;
  return number === 'singular' ? singularName(name) : pluralName(name);
}

/** The folder takes the plan's domain where there is one; the file is named after the table. */
function fill(pattern: string, bare: string, domain: string | undefined): string {
  const segments = pattern.split('/');
  return segments
    .map((segment, index) =>
      segment.replace(/\{([^:}]*):([^}]*)\}/, (_, number: (typeof NUMBERS)[number], wordCase: WordCase) => {
        const isFolder = index < segments.length - 1;
        return isFolder && domain !== undefined
          ? toCase(domain, wordCase)
          : toCase(inNumber(bare, number), wordCase);
      }),
    )
    .join('/');
}

/** The last part of a path. */
export function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
