import { expect, it } from 'vitest';
import type { CrudField } from '../../../src/crud/domain.ts';
import { validateWithDecorators } from '../../../src/crud/validation/class-validator.ts';

const field = (given: Partial<CrudField>): CrudField => ({
  key: 'value',
  column: 'value',
  sqlType: 'text',
  kind: 'text',
  isArray: false,
  rowType: 'string',
  isNarrowed: false,
  isNullable: false,
  hasDefault: false,
  isGenerated: false,
  isRequired: true,
  rank: 0,
  rules: {},
  ...given,
});

const decorators = (
  given: Partial<CrudField>,
  input: Partial<Parameters<typeof validateWithDecorators>[1]> = {},
): string =>
  validateWithDecorators(field(given), {
    source: 'json',
    presence: 'required',
    choices: undefined,
    ...input,
  }).decorators.join(' ');

it('texts are checked by their rules', () => {
  expect(decorators({ rules: { minLength: 1, maxLength: 5, pattern: 'a/b' } })).toBe(
    '@IsText() @MinLength(1) @MaxLength(5) @Matches(/a\\/b/u)',
  );
  expect(decorators({ rules: { format: 'email' } })).toBe('@IsText() @IsEmail()');
});

it('numbers are checked by the bounds of their rules and types', () => {
  expect(decorators({ kind: 'integer', rowType: 'number', rules: { min: -32_768, max: 32_767 } })).toBe(
    '@IsInt() @Min(-32768) @Max(32767)',
  );
  expect(decorators({ kind: 'float', rowType: 'number', sqlType: 'real' })).toBe(
    '@IsNumber() @Min(-3.4e38) @Max(3.4e38)',
  );
  expect(decorators({ kind: 'bigint', rules: { min: 0 } })).toBe('@IsBigInteger({ min: 0 })');
  expect(decorators({ kind: 'bigint', rowType: 'number' })).toBe(
    '@IsInt() @Min(-Number.MAX_SAFE_INTEGER) @Max(Number.MAX_SAFE_INTEGER)',
  );
  expect(decorators({ kind: 'decimal', rules: { precision: 10, scale: 2 } })).toBe(
    '@IsNumeric({ precision: 10, scale: 2 })',
  );
});

it('lists are checked item by item, with options behind all arguments', () => {
  expect(decorators({ isArray: true, rules: { maxLength: 5 } })).toBe(
    '@IsArray() @IsText({ each: true }) @MaxLength(5, { each: true })',
  );
  expect(decorators({ isArray: true, kind: 'decimal' })).toBe('@IsArray() @IsNumeric({}, { each: true })');
  expect(decorators({ isArray: true, kind: 'enum' }, { choices: 'STATES' })).toBe(
    '@IsArray() @IsIn(STATES, { each: true })',
  );
});

it('what may be left out need not be null, and the other way round', () => {
  expect(decorators({ kind: 'uuid' }, { presence: 'omittable' })).toBe('@IsOmittable() @IsUuid()');
  expect(decorators({ kind: 'uuid' }, { presence: 'nullable' })).toBe('@IsOptional() @IsUuid()');
});

it('texts of queries become what they stand for', () => {
  expect(decorators({ kind: 'boolean' }, { source: 'text' })).toBe('@BooleanFromText() @IsBoolean()');
  expect(decorators({ kind: 'integer', rowType: 'number' }, { source: 'text' })).toBe(
    '@NumberFromText() @IsInt()',
  );
});

it('JSON is an object where the source says so', () => {
  expect(decorators({ kind: 'json', rowType: 'unknown' })).toBe('@IsJsonValue()');
  expect(decorators({ kind: 'json', rowType: 'Record<string, unknown> | null' })).toBe(
    '@IsObject() @IsJsonValue()',
  );
});
