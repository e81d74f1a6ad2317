import { expect, it } from 'vitest';
import { Versions } from '../../src/review/versions.ts';

it('a key is what it became last, before and after that is undone', () => {
  const versions = new Versions<string>();
  versions.set('a', 0, 'old');
  versions.set('a', 2, 'new');
  versions.set('b', 3, 'other');
  versions.undo(1, 5);
  versions.set('a', 6, 'again');
  expect(versions.before('a', 2)?.value).toBe('old');
  expect(versions.before('a', 4)).toEqual({ place: 2, value: 'new' });
  expect(versions.before('a', 5)).toEqual({ place: 0, value: 'old' });
  expect(versions.before('a', 7)?.value).toBe('again');
  expect(versions.before('b', 4)?.value).toBe('other');
  expect(versions.before('b', 5)).toBeUndefined();
});

it('what is undone twice is what it was before the first time', () => {
  const versions = new Versions<number>();
  versions.set('a', 0, 1);
  versions.set('a', 1, 2);
  versions.undo(1, 2);
  versions.set('a', 3, 3);
  versions.undo(1, 4);
  expect(versions.before('a', 9)).toEqual({ place: 0, value: 1 });
  versions.undo(0, 9);
  expect(versions.before('a', 9)).toBeUndefined();
});

it('the next entry is one that was set there, not one that came back', () => {
  const versions = new Versions<string>();
  versions.set('a', 0, 'old');
  versions.set('a', 1, 'undone');
  versions.undo(1, 2);
  versions.set('a', 5, 'new');
  expect(versions.from('a', 1)?.value).toBe('undone');
  expect(versions.from('a', 2)?.value).toBe('new');
  expect(versions.from('a', 6)).toBeUndefined();
});
