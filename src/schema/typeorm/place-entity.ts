import type { Change } from '../../plan/change.ts';
import type { EntityModel } from '../../orm/typeorm/model.ts';
import { toCase, toIdentifier } from '../case.ts';
import { baseOf, formsOf, pathLike } from '../path-template.ts';
import { directoryOf } from '../specifier.ts';
import { spread } from '../spread.ts';
import { mapName, singularName } from '../word-names.ts';
import type { Editing } from './editing.ts';
import type { Entities } from './entities.ts';
import { bareName } from './bare-name.ts';
import type { EntitySource } from './model.ts';
import { majority } from './vote.ts';

type CreateTable = Extract<Change, { kind: 'create-table' }>;

interface Known {
  readonly entity: EntityModel;
  readonly source: EntitySource;
}

/**
 * Decides where a new entity is written and what its class is called, after the entities that exist: into a file of its
 * own that is named and placed as theirs are, or into the one file that has them all.
 */
export function placeEntity(
  change: CreateTable,
  editing: Editing,
  entities: Entities,
): { readonly path: string; readonly exported: string } {
  const known = spread(entities.all, ENOUGH).flatMap((entity): Known[] => {
    const source = entities.find(entity);
    return source === undefined || entity.tableType === 'junction' ? [] : [{ entity, source }];
  });
  const exported = classFor(change, known);
  return { exported, path: pathFor(change, exported, { known, editing }) };
}

/** So many entities show where they live and what they are called. */
const ENOUGH = 60;

function classFor({ table }: CreateTable, known: readonly Known[]): string {
  const bare = withoutPrefix(table.name, known);
  const to = toCase(bare, 'camel');
  const name = majority(
    known.map(({ entity, source }) => {
      const from = toCase(withoutPrefix(entity.table.name, known), 'camel');
      const old = source.kind === 'class' ? source.name : source.variable;
      const mapped = mapName(old, { from, to });
      return mapped === old ? undefined : mapped;
    }),
  );
  const wanted = toIdentifier(name ?? toCase(singularName(bare), 'pascal'));
  const isTaken = known.some(
    ({ source }) => (source.kind === 'class' ? source.name : source.variable) === wanted,
  );
  return isTaken ? `${wanted}Entity` : wanted;
}

/** The name without what all tables of the project begin with: `app_`, `shop_`. */
function withoutPrefix(name: string, known: readonly Known[]): string {
  const prefix = /^[a-z0-9]+_/.exec(name)?.[0];
  const isShared =
    prefix !== undefined &&
    known.length > 1 &&
    known.every(({ entity }) => entity.table.name.startsWith(prefix));
  return isShared ? name.slice(prefix.length) : name;
}

function pathFor(
  change: CreateTable,
  exported: string,
  { known, editing }: { readonly known: readonly Known[]; readonly editing: Editing },
): string {
  const byPath = new Map<string, string[]>();
  for (const { source } of known) {
    const name = toCase(bareName(source.kind === 'class' ? source.name : source.variable), 'snake');
    byPath.set(source.file.path, [...(byPath.get(source.file.path) ?? []), name]);
  }
  const files = [...byPath].map(([path, names]) => ({ path, names }));
  if (files.length === 0) return firstPath(exported, editing);
  const name = toCase(bareName(exported), 'snake');
  const own = files.filter(({ names }) => names.length === 1);
  const domain = files.find(
    ({ path }) =>
      change.domain !== undefined && formsOf(change.domain).includes(baseOf(path).replace(/\..*$/, '')),
  );
  if (own.length * 2 < files.length || (files.length === 1 && own.length === 0))
    return (domain ?? files.toSorted((a, b) => b.names.length - a.names.length)[0]!).path;
  return inDomainFolder(
    change,
    own,
    pathLike(own, { name, domain: change.domain, related: relatedPaths(change, known) }) ??
      besides(own[0]!.path, exported),
  );
}

/** The files of the entities that a new one refers to. */
function relatedPaths({ table }: CreateTable, known: readonly Known[]): string[] {
  return table.foreignKeys.flatMap(({ references }) =>
    known
      .filter(
        ({ entity }) => entity.table.name === references.name && entity.table.schema === references.schema,
      )
      .map(({ source }) => source.file.path),
  );
}

/** Where the plan names a domain whose folder holds entities already, that folder is the place. */
function inDomainFolder(
  { domain }: CreateTable,
  own: readonly { readonly path: string }[],
  path: string,
): string {
  if (domain === undefined) return path;
  const forms = formsOf(domain);
  const folder = own.map((file) => directoryOf(file.path)).find((each) => forms.includes(baseOf(each)));
  return folder === undefined ? path : `${folder}/${baseOf(path)}`;
}

function besides(path: string, exported: string): string {
  const base = baseOf(path);
  return `${directoryOf(path)}/${toCase(bareName(exported), 'kebab')}${base.slice(base.indexOf('.'))}`;
}

/** The first entity of a project: where a glob of the data source finds it, else beside the data source. */
function firstPath(exported: string, { input }: Editing): string {
  const kebab = toCase(exported, 'kebab');
  const names = [`${kebab}.entity.ts`, `${exported}.ts`, `${kebab}.ts`];
  const near = input.dataSourcePath === undefined ? `${input.root}/src` : directoryOf(input.dataSourcePath);
  const folders = [
    `${near}/entities`,
    `${near}/entity`,
    near,
    `${input.root}/src/entities`,
    `${input.root}/src/entity`,
  ];
  const paths = folders.flatMap((folder) => names.map((name) => `${folder}/${name}`));
  return paths.find((path) => input.globMatches(path)) ?? `${near}/entities/${kebab}.entity.ts`;
}
