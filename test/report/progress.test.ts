import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { terminalProgress } from '../../src/report/progress.ts';

/** What stands on the screen after some steps: the last text of each line. */
async function screenAfter(
  run: (progress: ReturnType<typeof terminalProgress>) => Promise<unknown>,
  free?: () => Promise<void>,
) {
  const stream = new PassThrough();
  await run(terminalProgress(stream, free)).catch(() => undefined);
  const written = String(stream.read() ?? '');
  return { written, screen: written.replaceAll(/[^\n]*\r\u001B\[2K/g, '') };
}

it('a step that takes a while is named while it goes on, and has its time afterwards', async () => {
  const { written, screen } = await screenAfter((progress) => progress('Rehearsed', () => sleep(450)));
  expect(written).toMatch(/^⋯ Rehearsed\r/);
  expect(screen).toMatch(/^✔ Rehearsed {2}0\.\d s\n$/);
});

it('a step that is over at once is not shown, nor is one that fails', async () => {
  const { screen } = await screenAfter(async (progress) => {
    expect(await progress('Read', async () => 7)).toBe(7);
    await progress('Rehearsed', async () => {
      await sleep(400);
      throw new Error('no');
    });
  });
  expect(screen).toBe('');
});

it('while a question is open no step is shown; one that goes on afterwards is', async () => {
  const question = sleep(600);
  const { screen } = await screenAfter(
    async (progress) => {
      await progress('Project read', () => sleep(450));
      await progress('Rehearsed', () => sleep(800));
    },
    async () => {
      await question;
    },
  );
  expect(screen).toMatch(/^✔ Rehearsed {2}0\.\d s\n$/);
});
