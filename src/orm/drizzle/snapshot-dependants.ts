import type { Dependant, StandsOn } from '../../plan/dependants.ts';
import { renameInQuery } from '../../postgres/rename-in-query.ts';
import type { SnapshotJson, TableJson } from './snapshot-json.ts';

/** The views and policies of a snapshot, and the tables and columns that they stand on. Needs `loadSqlParser`. */
export function snapshotDependants(snapshot: SnapshotJson): readonly Dependant[] {
  const tables = Object.values(snapshot.tables);
  const views = Object.values(snapshot.views ?? {}).flatMap((view): Dependant[] => {
    const { definition } = view;
    if (definition === undefined || view['isExisting'] === true) return [];
    return [
      {
        kind: view.materialized ? 'materialized view' : 'view',
        name: view.schema && view.schema !== 'public' ? `${view.schema}.${view.name}` : view.name,
        standsOn: tables.flatMap((table) => standsOn(definition, table, { tables, isQuery: true })),
      },
    ];
  });
  const policies = tables.flatMap((table) =>
    Object.values(table.policies ?? {}).map((policy): Dependant => {
      const texts = [policy.using, policy.withCheck].filter((text) => text !== undefined);
      return {
        kind: 'policy',
        name: policy.name,
        of: nameOf(table),
        standsOn: texts.flatMap((text) =>
          tables.flatMap((other) => standsOn(text, other, { tables, isQuery: false, of: table })),
        ),
      };
    }),
  );
  return [...views, ...policies];
}

interface Reading {
  readonly tables: readonly TableJson[];
  readonly isQuery: boolean;
  readonly of?: TableJson | undefined;
}

/** What would have to follow a rename stands on what is renamed. */
function standsOn(sql: string, table: TableJson, { tables, isQuery, of }: Reading): StandsOn[] {
  const name = nameOf(table);
  const follows = (column: string | undefined): boolean => {
    const renamed = renameInQuery(sql, {
      table: name,
      column,
      to: 'tableplan_renamed',
      hasColumn: (relation) =>
        tables.some(
          (each) =>
            each.name === relation.name &&
            (each.schema || 'public') === relation.schema &&
            column !== undefined &&
            column in each.columns,
        ),
      isExpression: !isQuery,
      isOwnRow: of === table,
      quotedOnly: false,
    });
    return renamed.sql !== sql;
  };
  const isNamed = follows(undefined);
  const names = Object.values(table.columns).map((column) => column.name);
  const takesAll = isNamed && /\bselect\s+(?:distinct\s+)?\*|\.\*|,\s*\*/i.test(sql);
  const columns = takesAll ? names : names.filter(follows);
  if (!isNamed && columns.length === 0) return [];
  return [{ table: name, columns }];
}

function nameOf({ schema, name }: TableJson): { schema: string; name: string } {
  return { schema: schema || 'public', name };
}
