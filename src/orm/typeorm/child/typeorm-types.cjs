// @ts-check
'use strict';
/**
 * Types of columns that only a compiler with type information knows. Sources are compiled one by one here, and of an alias, an
 * enum or an interface of another file nothing but `Object` is left then, where the project's own command (ts-node, tsc) sees
 * `String`. The type checker is asked for exactly those columns: it costs a second, which most projects never pay.
 */

/** @typedef {{ staged: Map<string, string | null>, tsconfig: string | undefined }} TypeSources */
/** @typedef {{ target: unknown, propertyName: string, options: { type?: unknown } }} ColumnArgs */

/**
 * @param {{ getMetadataArgsStorage(): { columns: ColumnArgs[] } }} typeorm
 * @param {TypeSources} sources
 * @param {() => { fileOf(target: any): string | undefined }} ownPlaces the files that declare the classes loaded by now
 * @returns {() => void} gives every column of type Object that has been decorated by now the type that the checker finds
 */
function columnTypes(typeorm, sources, ownPlaces) {
  /** @type {Set<ColumnArgs>} */
  const asked = new Set();
  /** @type {Map<string, unknown>} A module may be loaded several times. */
  const known = new Map();
  return () => {
    const columns = typeorm
      .getMetadataArgsStorage()
      .columns.filter(
        (column) =>
          column.options.type === Object && typeof column.target === 'function' && !asked.has(column),
      );
    if (columns.length === 0) return;
    const { fileOf } = ownPlaces();
    const open = columns.map((column) => ({ column, file: fileOf(column.target) }));
    for (const { column } of open) asked.add(column);
    /** @type {ReturnType<typeof checkerOf> | undefined} */
    let typeOf;
    for (const { column, file } of open) {
      const { name } = /** @type {{ name: string }} */ (column.target);
      if (file === undefined) continue;
      const key = JSON.stringify([file, name, column.propertyName]);
      if (!known.has(key)) {
        typeOf ??= checkerOf([...new Set(open.flatMap((each) => each.file ?? []))], sources);
        known.set(key, typeOf(file, name, column.propertyName));
      }
      column.options.type = known.get(key) ?? column.options.type;
    }
  };
}

/**
 * Compiles with the project's options (its path aliases and strictness decide what a type is), and ts-morph's copy of the
 * standard library. @param {string[]} files @param {TypeSources} sources
 */
function checkerOf(files, { staged, tsconfig }) {
  const { Project, ts } = require('ts-morph');
  const project = new Project({
    ...(tsconfig !== undefined && { tsConfigFilePath: tsconfig }),
    skipAddingFilesFromTsConfig: true,
    compilerOptions: { noEmit: true, skipLibCheck: true },
  });
  // From TypeScript 6 on, ambient packages (@types/node) are asked for by name; the project may be of an earlier one.
  if (project.compilerOptions.get().types === undefined) project.compilerOptions.set({ types: ['*'] });
  for (const [file, text] of staged)
    if (text !== null && /\.[cm]?tsx?$/.test(file)) project.createSourceFile(file, text, { overwrite: true });
  for (const file of files) if (!staged.has(file)) project.addSourceFileAtPath(file);
  const program = project.getProgram().compilerObject;
  const checker = program.getTypeChecker();
  return (/** @type {string} */ file, /** @type {string} */ className, /** @type {string} */ property) => {
    const member = memberOf(ts, program.getSourceFile(file), className, property);
    return member && constructorOf(ts, checker, checker.getTypeAtLocation(member.name));
  };
}

/** @param {any} ts @param {any} source @param {string} className @param {string} property */
function memberOf(ts, source, className, property) {
  /** @type {any} */
  let found;
  const visit = (/** @type {any} */ node) => {
    if (ts.isClassLike(node) && node.name?.text === className)
      found ??= node.members.find((/** @type {any} */ member) => member.name?.text === property);
    if (!found) ts.forEachChild(node, visit);
  };
  if (source) visit(source);
  return found;
}

/**
 * What TypeScript emits as `design:type`, where one constructor stands for the whole type; undefined where it would emit
 * Object. @param {any} ts @param {any} checker @param {any} given
 */
function constructorOf(ts, checker, given) {
  const type = checker.getNonNullableType(checker.getBaseConstraintOfType(given) ?? given);
  const { TypeFlags } = ts;
  /** @type {[number, unknown][]} */
  const kinds = [
    [TypeFlags.StringLike, String],
    [TypeFlags.NumberLike, Number],
    [TypeFlags.BooleanLike, Boolean],
    [TypeFlags.BigIntLike, BigInt],
  ];
  for (const [flag, constructor] of kinds) if (isOf(type, flag)) return constructor;
  if (checker.isArrayType(type) || checker.isTupleType(type)) return Array;
  return BUILT_IN.get(type.getSymbol()?.getName());
}

/** A union is of a kind where every part is; an intersection (a branded string) where one part is. @param {any} type @param {number} flag @returns {boolean} */
function isOf(type, flag) {
  if (type.isUnion()) return type.types.every((/** @type {any} */ part) => isOf(part, flag));
  if (type.isIntersection()) return type.types.some((/** @type {any} */ part) => isOf(part, flag));
  return (type.flags & flag) !== 0;
}

const BUILT_IN = new Map(
  /** @type {[string | undefined, unknown][]} */ ([
    ['Date', Date],
    ['Buffer', Buffer],
  ]),
);

module.exports = { columnTypes };
