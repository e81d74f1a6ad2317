/** What the keys that are read here hold, where they are there at all. */
const TEXTS = ['out', 'casing'];
const LISTS = ['schema', 'schemaFilter', 'tablesFilter'];
const OF_MIGRATIONS = ['table', 'schema', 'prefix'];

/** What of a config is of another kind than drizzle-kit has it, in words; undefined where nothing is. */
export function configFault(config: unknown): string | undefined {
  if (!isObject(config)) return 'it is no object';
  const migrations = config.migrations ?? {};
  const texts = TEXTS.find((key) => !isTextOrMissing(config[key]));
  if (texts !== undefined) return `${texts} is no string`;
  const lists = LISTS.find((key) => {
    const value = config[key];
    return !(Array.isArray(value) ? value.every((each) => typeof each === 'string') : isTextOrMissing(value));
  });
  if (lists !== undefined) return `${lists} is neither a string nor a list of strings`;
  if (!isObject(migrations)) return 'migrations is no object';
  const inner = OF_MIGRATIONS.find((key) => !isTextOrMissing(migrations[key]));
  return inner === undefined ? undefined : `migrations.${inner} is no string`;
}

function isTextOrMissing(value: unknown): boolean {
  return value === undefined || value === null || typeof value === 'string';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
