import { quoteIdentifier } from '../../postgres/sql.ts';

export interface SqlRenames {
  readonly columns: ReadonlyMap<string, string>;
  readonly table?: { readonly from: string; readonly to: string } | undefined;
}

/**
 * Renames columns (and the table before a dot) in a piece of SQL; string literals in it are left alone.
 *
 * @example renameInSql("price > 0 AND kind <> 'price'", { columns: new Map([['price', 'cents']]) }) // "cents > 0 AND kind <> 'price'"
 */
export function renameInSql(sql: string, renames: SqlRenames): string {
  return sql.replace(
    /'(?:[^']|'')*'|"((?:[^"]|"")*)"|(?<![\w$])([A-Za-z_]\w*)(?![\w$])/g,
    (whole, quoted: string | undefined, bare: string | undefined, offset: number) => {
      const name = quoted ?? bare?.toLowerCase();
      if (name === undefined) return whole;
      const rest = sql.slice(offset + whole.length);
      const to = /^\s*\./.test(rest)
        ? tableName(name, renames)
        : /^\s*\(/.test(rest)
          ? undefined
          : renames.columns.get(name);
      if (to === undefined) return whole;
      return quoted !== undefined || !/^[a-z_][a-z0-9_]*$/.test(to) ? quoteIdentifier(to) : to;
    },
  );
}

function tableName(name: string, { table }: SqlRenames): string | undefined {
  return table?.from === name ? table.to : undefined;
}
