/** A class's name without what the project puts behind all of them. */
export function bareName(className: string): string {
  return className.replace(/(Record|Entity|Model|Schema|OrmEntity)$/, '') || className;
}
