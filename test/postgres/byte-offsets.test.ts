import fc from 'fast-check';
import { expect, it } from 'vitest';
import { utf16OffsetsByByte } from '../../src/postgres/parser.ts';

it('every byte of a text means the character that it is part of, whatever the text', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.integer({ min: 0, max: 0xff_ff }).map((code) => String.fromCharCode(code)) }),
      (text) => {
        const offsets = utf16OffsetsByByte(text);
        let byte = 0;
        let offset = 0;
        for (const character of text) {
          for (let end = byte + Buffer.byteLength(character); byte < end; byte += 1)
            expect(offsets[byte]).toBe(offset);
          offset += character.length;
        }
        expect(offsets).toHaveLength(byte + 1);
        expect(offsets[byte]).toBe(text.length);
      },
    ),
  );
});
