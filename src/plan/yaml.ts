import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseAllDocuments,
  type Scalar,
} from 'yaml';
import type { PlanPath } from './plan.ts';
import { PlanProblem } from './problem.ts';
import { codePointName, firstForbidden, visible } from './visible.ts';

export type Plain = string | number | boolean | null | Plain[] | { [key: string]: Plain };

/** What is wrong with the YAML itself, at an offset of the text. */
export class YamlProblem extends Error {
  override readonly name = 'YamlProblem';
  readonly offset: number;
  readonly hint: string | undefined;

  constructor(message: string, offset: number, hint?: string) {
    super(message);
    this.offset = offset;
    this.hint = hint;
  }
}

/** Limits that no plan comes near and every bomb runs into. */
export const LIMITS = { characters: 1_048_576, documents: 100, values: 50_000, depth: 24 } as const;

/** Reads a YAML stream into documents, without values yet. Throws YamlProblem. */
export function readYamlDocuments(text: string): readonly Document.Parsed[] {
  if (text.length > LIMITS.characters) throw new YamlProblem('the plan is larger than 1 MB', 0);
  refuseForbidden(text);
  const documents = parseDocuments(text);
  if (documents.every((document) => isEmpty(document))) {
    throw new YamlProblem(
      'the plan is empty',
      0,
      "A plan starts with migration_type: 'new_table' (or another kind).",
    );
  }
  if (documents.length > LIMITS.documents)
    throw new YamlProblem(`more than ${LIMITS.documents} documents`, 0);
  documents.forEach(refuseBroken);
  return documents;
}

/** The plain data of a document, its scalars coerced only where their meaning is plain. Throws PlanProblem. */
export function plainValue(document: Document.Parsed, index: number): Plain {
  return new Reader(document).read(document.contents, [index]);
}

function parseDocuments(text: string): readonly Document.Parsed[] {
  try {
    const options = {
      version: '1.2',
      schema: 'core',
      merge: false,
      uniqueKeys: false,
      prettyErrors: false,
    } as const;
    return [...parseAllDocuments(text, options)];
  } catch (error) {
    if (error instanceof RangeError) throw new YamlProblem('the plan is nested too deeply', 0);
    throw error;
  }
}

function isEmpty(document: Document.Parsed): boolean {
  const { contents } = document;
  return contents === null || (isScalar(contents) && contents.value === null && contents.source === '');
}

function refuseForbidden(text: string): void {
  const offset = firstForbidden(text);
  if (offset === undefined) return;
  const character = String.fromCodePoint(text.codePointAt(offset) ?? 0);
  throw new YamlProblem(
    `the plan holds ${codePointName(character)}, which cannot be seen`,
    offset,
    'Remove the character.',
  );
}

function refuseBroken(document: Document.Parsed): void {
  const [problem] = [...document.errors, ...document.warnings].toSorted((a, b) => a.pos[0] - b.pos[0]);
  if (problem?.code === 'RESOURCE_EXHAUSTION')
    throw new YamlProblem('the plan is nested too deeply', problem.pos[0]);
  if (problem)
    throw new YamlProblem(
      `not valid YAML: ${visible(problem.message)}`,
      problem.pos[0],
      hintFor(problem.code),
    );
  if (document.directives?.yaml.explicit === true && document.directives.yaml.version !== '1.2') {
    throw new YamlProblem(
      `a plan is YAML 1.2, not ${document.directives.yaml.version}`,
      document.range[0],
      'Remove the %YAML line.',
    );
  }
  if (isEmpty(document))
    throw new YamlProblem('an empty document', document.range[0], 'Remove the --- that starts it.');
}

function hintFor(code: string): string | undefined {
  if (code === 'TAB_AS_INDENT') return 'Indent with spaces.';
  if (code === 'TAG_RESOLVE_FAILED') return 'A plan uses no tags: remove it, or quote the text.';
  if (code === 'MULTILINE_IMPLICIT_KEY' || code === 'BLOCK_AS_IMPLICIT_KEY')
    return 'Check the indentation, and quote a text that holds a colon.';
  return undefined;
}

/** Walks one document once, with a budget: aliases that multiply use it up. */
class Reader {
  readonly #document: Document.Parsed;
  #values = 0;

  constructor(document: Document.Parsed) {
    this.#document = document;
  }

  read(node: Node | null, path: PlanPath): Plain {
    this.#values += 1;
    if (this.#values > LIMITS.values)
      throw new PlanProblem(path, `more than ${LIMITS.values} values (aliases that multiply?)`);
    if (path.length > LIMITS.depth) throw new PlanProblem(path, 'nested too deeply');
    if (isAlias(node)) return this.read(this.#targetOf(node), path);
    if (
      node !== null &&
      node.tag !== undefined &&
      !/^tag:yaml\.org,2002:(str|int|float|bool|null|map|seq)$/.test(node.tag)
    ) {
      throw new PlanProblem(path, `unknown tag ${visible(node.tag)}`, { hint: 'A plan uses no tags.' });
    }
    if (isMap(node)) return this.#readMap(node, path);
    if (isSeq(node)) return node.items.map((item, index) => this.read(item as Node | null, [...path, index]));
    return isScalar(node) ? readScalar(node, path) : null;
  }

  #targetOf(alias: Alias): Node {
    const target = alias.resolve(this.#document);
    if (target === undefined)
      throw new YamlProblem(`no anchor for the alias *${visible(alias.source)}`, alias.range?.[0] ?? 0);
    return target;
  }

  #readMap(node: { items: readonly { key: unknown; value: unknown }[] }, path: PlanPath): Plain {
    const seen = new Map<string, Plain>();
    for (const { key, value } of node.items) {
      const name = keyName(key as Node, path);
      if (seen.has(name))
        throw new YamlProblem(`duplicate key "${visible(name)}"`, (key as Node).range?.[0] ?? 0);
      seen.set(name, this.read((value ?? null) as Node | null, [...path, name]));
    }
    return Object.fromEntries(seen);
  }
}

function keyName(key: Node, path: PlanPath): string {
  if (!isScalar(key)) throw new YamlProblem('a key that is no plain word', key.range?.[0] ?? 0);
  const name = String(key.value);
  if (name === '<<')
    throw new PlanProblem(path, 'merge keys (<<) are not supported', {
      key: name,
      hint: 'Write the keys out.',
    });
  if (name === '__proto__') throw new PlanProblem(path, 'unknown key "__proto__"', { key: name });
  return name;
}

/** Keys whose value is free text: a number or a word there means its own text. */
const FREE_TEXT = new Set(['description', 'comment', 'reason', 'skip']);

function readScalar(node: Scalar, path: PlanPath): Plain {
  const value = node.value as string | number | boolean | null;
  if (typeof value === 'string') return readText(value, path);
  const source = node.source ?? '';
  if (source !== '' && FREE_TEXT.has(String(path.at(-1)))) return source;
  if (value === null && /^null$/i.test(source) && path.at(-2) === 'constraints') return 'NULL';
  return typeof value === 'number' && path.at(-1) === 'default' ? readNumber(value, source, path) : value;
}

function readText(value: string, path: PlanPath): string {
  const offset = firstForbidden(value);
  if (offset === undefined) return value;
  const character = String.fromCodePoint(value.codePointAt(offset) ?? 0);
  throw new PlanProblem(path, `the text holds ${codePointName(character)}, which cannot be seen`, { offset });
}

/** `1.0` and numbers beyond what JavaScript counts keep their digits; `0x1F`, `1e3` and `.inf` want quotes. */
function readNumber(value: number, source: string, path: PlanPath): string | number {
  if (String(value) === source) return value;
  if (/^-?\d+(\.\d+)?$/.test(source)) return source;
  throw new PlanProblem(path, `default: YAML reads ${source} as the number ${value}`, {
    hint: `Quote it: '${source}'.`,
  });
}
