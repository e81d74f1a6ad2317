import type { CrudField } from '../domain.ts';

/** Decorators of a DTO's property, and what they are imported from. */
export interface PropertyValidation {
  readonly decorators: readonly string[];
  readonly imports: readonly DecoratorImport[];
}

export interface DecoratorImport {
  /** A package, or the id of a file that the stack makes. */
  readonly from: { readonly module: string } | { readonly id: string };
  readonly name: string;
}

export interface ValidationInput {
  /** JSON has numbers and booleans; in queries and paths everything is a text. */
  readonly source: 'json' | 'text';
  readonly presence: 'required' | 'omittable' | 'nullable';
  /** What the values of a list are called in the code, where they have a name. */
  readonly choices: string | undefined;
  /** They are an enum of TypeScript, not a list. */
  readonly isEnum?: boolean | undefined;
}

/** What class-validator checks of a field's values, without relying on the metadata that only some compilers emit. */
export function validateWithDecorators(field: CrudField, input: ValidationInput): PropertyValidation {
  const calls = [
    ...presenceOf(input.presence),
    ...(field.isArray ? [packaged('IsArray')] : []),
    ...(input.source === 'text' ? conversionOf(field) : []),
    ...valueChecks(field, input),
  ];
  return {
    decorators: calls.map((call) => `@${call.name}(${argumentsOf(call, field.isArray)})`),
    imports: calls.map(({ from, name }) => ({ from, name })),
  };
}

interface Call extends DecoratorImport {
  /** Arguments before the options. */
  readonly arguments: readonly string[];
  /** Arguments that stand in for those left out, where options follow. */
  readonly fillers: readonly string[];
  readonly takesEach: boolean;
}

function packaged(name: string, args: readonly string[] = []): Call {
  return {
    from: { module: 'class-validator' },
    name,
    arguments: args,
    fillers: [],
    takesEach: false,
  };
}

/** A check of each value, where there is an array of them. */
function check(name: string, args: readonly string[] = [], fillers: readonly string[] = []): Call {
  return { ...packaged(name, args), fillers, takesEach: true };
}

function own(id: string, name: string, args: readonly string[] = [], fillers: readonly string[] = []): Call {
  return { ...check(name, args, fillers), from: { id } };
}

function argumentsOf({ arguments: args, fillers, takesEach }: Call, isArray: boolean): string {
  if (!takesEach || !isArray) return args.join(', ');
  return [...args, ...fillers.slice(args.length), '{ each: true }'].join(', ');
}

function presenceOf(presence: ValidationInput['presence']): readonly Call[] {
  switch (presence) {
    case 'required':
      return [];
    case 'omittable':
      return [{ ...own('is-omittable', 'IsOmittable'), takesEach: false }];
    case 'nullable':
      return [packaged('IsOptional')];
  }
}

function conversionOf(field: CrudField): readonly Call[] {
  if (jsTypeOf(field) === 'number') return [{ ...own('from-text', 'NumberFromText'), takesEach: false }];
  return field.kind === 'boolean' ? [{ ...own('from-text', 'BooleanFromText'), takesEach: false }] : [];
}

/** Numbers that JavaScript can hold are numbers, unless the ORM gives them as texts. */
function jsTypeOf({ kind, rowType }: CrudField): 'number' | 'other' {
  if (kind === 'integer' || kind === 'float') return 'number';
  return (kind === 'bigint' || kind === 'decimal') && /^number\b/.test(rowType) ? 'number' : 'other';
}

function valueChecks(field: CrudField, { choices, isEnum }: ValidationInput): readonly Call[] {
  const { kind, rules } = field;
  if (choices !== undefined) return [check(isEnum === true ? 'IsEnum' : 'IsIn', [choices])];
  if (jsTypeOf(field) === 'number') return [numberKind(field), ...bounds(field)];
  switch (kind) {
    case 'uuid':
      return [own('is-uuid', 'IsUuid')];
    case 'text':
    case 'enum':
      return textChecks(field);
    case 'bigint':
      return [own('numbers', 'IsBigInteger', objectOf({ min: rules.min, max: rules.max }), ['{}'])];
    case 'decimal': {
      const { precision, scale, min, max } = rules;
      return [own('numbers', 'IsNumeric', objectOf({ precision, scale, min, max }), ['{}'])];
    }
    case 'boolean':
      return [check('IsBoolean')];
    case 'timestamp':
      return [own('dates', 'IsTimestamp')];
    case 'date':
      return [own('dates', 'IsCalendarDate')];
    case 'time':
      return [own('dates', 'IsTimeOfDay')];
    default:
      return [...(isObject(field) ? [check('IsObject')] : []), own('is-json', 'IsJsonValue')];
  }
}

/** The source says that JSON is an object, or a list of them. */
function isObject({ rowType, isArray }: CrudField): boolean {
  return !isArray && /^(Record<|object\b|\{)/.test(rowType);
}

function numberKind({ kind, rules }: CrudField): Call {
  if (kind === 'integer' || kind === 'bigint') return check('IsInt');
  return check('IsNumber', objectOf({ maxDecimalPlaces: rules.scale }), ['{}']);
}

/** The bounds of the type, where no rule is narrower. */
function bounds({ kind, sqlType, rules }: CrudField): readonly Call[] {
  const limit =
    kind === 'bigint' ? 'Number.MAX_SAFE_INTEGER' : /^(real|float4)/.test(sqlType) ? '3.4e38' : undefined;
  const min = rules.min?.toString() ?? (limit === undefined ? undefined : `-${limit}`);
  const max = rules.max?.toString() ?? limit;
  return [
    ...(min === undefined ? [] : [check('Min', [min])]),
    ...(max === undefined ? [] : [check('Max', [max])]),
  ];
}

function textChecks({ rules }: CrudField): readonly Call[] {
  const { minLength, maxLength, pattern, format } = rules;
  return [
    own('is-text', 'IsText'),
    ...(minLength === undefined ? [] : [check('MinLength', [String(minLength)])]),
    ...(maxLength === undefined ? [] : [check('MaxLength', [String(maxLength)])]),
    ...(pattern === undefined ? [] : [check('Matches', [regularExpression(pattern)])]),
    ...(format === 'email' ? [check('IsEmail', [], ['{}'])] : []),
    ...(format === 'url' ? [check('IsUrl', [], ['{}'])] : []),
  ];
}

function regularExpression(pattern: string): string {
  return `/${new RegExp(pattern, 'u').source}/u`;
}

/** `{ min: 0 }` as the one argument; none when nothing is set. */
function objectOf(values: Readonly<Record<string, number | undefined>>): readonly string[] {
  const set = Object.entries(values).filter(([, value]) => value !== undefined);
  return set.length === 0 ? [] : [`{ ${set.map(([key, value]) => `${key}: ${value}`).join(', ')} }`];
}
