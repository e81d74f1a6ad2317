import { TableplanError } from '../errors.ts';
import type { Notice } from '../plan/change.ts';
import { displayName } from '../plan/database-schema.ts';
import type { CrudDomain } from './domain.ts';

/** Who may use the routes of a domain, and by what: told with every run. */
export function accessNotice(
  { table }: CrudDomain,
  text: string,
  severity: Notice['severity'] = 'info',
): Notice {
  return { severity, rule: 'route-access', message: `${displayName(table)}: ${text}` };
}

/** What is asked where the project does not show who may use the routes of a domain. */
export interface AccessQuestion {
  readonly message: string;
  /** Behind "Nothing was written". */
  readonly hint: string;
  /** Default: who may use them. */
  readonly question?: string;
  readonly supply?: string;
}

/** The error `answer-needed` about who may use the routes of a domain; `--authentication` answers it. */
export function accessNeeded(
  domain: string,
  { message, hint, question = `Who may use ${domain}?`, supply = '--authentication public' }: AccessQuestion,
): TableplanError {
  return new TableplanError('answer-needed', message, {
    hint: `Nothing was written${hint}`,
    missing: [{ field: 'authentication', question, supply }],
  });
}

/** Words of controllers and routers that are open in most applications, whatever the others are. */
export const USUALLY_OPEN =
  /^(app|root|index|home|health(check)?z?|ping|ready|readiness|live|liveness|status|metrics|docs?|openapi|swagger|reference|static|assets|auth|login|log-?in|sign-?(in|up)|sessions?|oauth2?|public|webhooks?)$/i;

/** The same of routes that are mounted already; `closing`: what closes them, undefined where nothing does. */
export function mountedNotice(domain: CrudDomain, closing: { readonly text: string } | undefined): Notice {
  return accessNotice(
    domain,
    closing === undefined
      ? 'mounted already; anybody may use its routes'
      : `mounted already, closed by ${closing.text}`,
  );
}
