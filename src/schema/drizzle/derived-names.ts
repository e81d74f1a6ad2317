/** The names that drizzle-orm 0.45 gives when none is written (pg-core: unique-constraint.js, foreign-keys.js, primary-keys.js; drizzle-kit for indexes). */
export function derivedNames(table: string) {
  return {
    index: (columns: readonly string[]) => `${table}_${columns.join('_')}_index`,
    unique: (columns: readonly string[]) => `${table}_${columns.join('_')}_unique`,
    primaryKey: (columns: readonly string[]) => `${table}_${columns.join('_')}_pk`,
    foreignKey: (columns: readonly string[], target: string, targetColumns: readonly string[]) =>
      `${[table, ...columns, target, ...targetColumns].join('_')}_fk`,
  };
}
