import type { TableplanError } from '../errors.ts';
import type { Notice } from '../plan/change.ts';
import { accessNeeded, accessNotice } from './access.ts';
import type { CrudDomain } from './domain.ts';
import type { Guard } from './guard.ts';

/** A domain of the application that a guard closes. */
export interface Guarded {
  readonly path: string;
  /** As it stands in the code. */
  readonly by: string;
}

/** What is seen of the place where a domain's routes are to be, and of the domains beside it. */
export interface Seen {
  /** Whether there is such a place. */
  readonly isMounted: boolean;
  /** What closes it already, as it stands in the code. */
  readonly closing: string | undefined;
  /** The guard for what the plan asks for; throws where there is none. */
  find(): Guard | undefined;
  /** The guard that all other domains have of their own; undefined where one is open. Throws where it cannot be had. */
  usual(): Guard | undefined;
  readonly guarded: Guarded | undefined;
}

/**
 * The guard that is put before the routes of a domain, and who may use them: where nobody says, they are as closed as the
 * others. Nothing is opened unless `public` is asked for. Throws what `find` and `usual` throw.
 */
export function accessOf(
  domain: CrudDomain,
  { isMounted, closing, find, usual, guarded }: Seen,
): { readonly guard: Guard | undefined; readonly notice: Notice } {
  const { authentication } = domain;
  const access = (guard: Guard | undefined, text: string, severity?: Notice['severity']) => ({
    guard,
    notice: accessNotice(domain, text, severity),
  });
  if (!isMounted)
    return access(
      authentication === undefined || authentication === 'public' ? undefined : find(),
      'not mounted yet: the routes are as open as the place where you mount them',
      'warning',
    );
  const isEnough = closing !== undefined && (authentication !== 'admin' || /admin/i.test(closing));
  if (isEnough && authentication !== 'public')
    return access(undefined, `closed by ${closing}, as the routes beside it are`);
  if (authentication === 'public')
    return closing === undefined
      ? access(undefined, 'anybody may use its routes, as asked for')
      : access(undefined, `closed by ${closing}, before which no other domain is mounted`, 'warning');
  if (authentication !== undefined) {
    const guard = find();
    return access(guard, `guarded by ${guard?.text}`);
  }
  const all = usual();
  if (all !== undefined) return access(all, `guarded by ${all.text}, as all other domains are`);
  return guarded === undefined
    ? access(
        undefined,
        'anybody may use its routes; no middleware that refuses strangers was seen before them',
      )
    : access(
        undefined,
        `anybody may use its routes, though ${guarded.path} is guarded by ${guarded.by}; --authentication protected guards them too`,
        'warning',
      );
}

/** All other domains have a guard that cannot be used elsewhere: new routes would be open. */
export function guardStuck({ names }: CrudDomain, { path, by }: Guarded): TableplanError {
  const { words } = names.plural;
  return accessNeeded(words, {
    message: `All other domains are guarded, ${path} by ${by}, which cannot be used for ${words} as it stands.`,
    hint: ': the new routes would be open. Export the middleware, or say who may use these routes.',
    supply: '--authentication public | --authentication protected',
  });
}
