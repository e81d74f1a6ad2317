import { describe, expect, it } from 'vitest';
import type { CrudField, FieldKind, FieldRules } from '../../src/crud/domain.ts';
import { sampleOf } from '../../src/crud/samples.ts';

const field = (kind: FieldKind, rules: FieldRules = {}, more: Partial<CrudField> = {}): CrudField => ({
  key: 'value',
  column: 'value',
  sqlType: 'text',
  kind,
  isArray: false,
  rowType: 'string',
  isNarrowed: false,
  isNullable: false,
  hasDefault: false,
  isGenerated: false,
  isRequired: true,
  rank: 0,
  rules,
  ...more,
});

describe('sample values', () => {
  it('keep to length, bounds and patterns, and differ', () => {
    for (const [kind, rules] of [
      ['text', { maxLength: 3 }],
      ['text', { minLength: 30 }],
      ['text', { pattern: '^[A-Z]{2}-\\d{3}$' }],
      ['text', { pattern: '^#[0-9a-f]{6}$' }],
      ['integer', { min: 5, max: 9 }],
      ['integer', { min: -20, max: -10 }],
    ] as const) {
      const samples = [1, 2, 3].map((number) => sampleOf(field(kind, rules), number));
      expect(new Set(samples).size).toBe(3);
      for (const sample of samples) {
        if (typeof sample === 'number') {
          expect(sample).toBeGreaterThanOrEqual('min' in rules ? rules.min : 0);
          expect(sample).toBeLessThanOrEqual('max' in rules ? rules.max : 0);
        } else {
          const text = String(sample);
          if ('maxLength' in rules) expect(text.length).toBeLessThanOrEqual(rules.maxLength);
          if ('minLength' in rules) expect(text.length).toBeGreaterThanOrEqual(rules.minLength);
          if ('pattern' in rules) expect(text).toMatch(new RegExp(rules.pattern, 'u'));
        }
      }
    }
  });

  it('have the digits that a numeric column gives back', () => {
    expect(sampleOf(field('decimal', { precision: 10, scale: 4 }), 1)).toBe('1.0000');
    expect(sampleOf(field('decimal', { precision: 10, scale: 0 }), 2)).toBe('2');
  });

  it('are not made up where nothing fits a pattern', () => {
    expect(sampleOf(field('text', { pattern: '^(?=.*[^\\x00-\\x7F]).{77}$' }), 1)).toBeUndefined();
  });
});
