import type { Plan } from '../plan/plan.ts';
import type { Asker } from './asker.ts';

export type Authentication = 'public' | 'protected' | 'admin';

/** Who may use the routes of a domain; undefined where the other routes of the application decide it. */
export async function askAuthentication(asker: Asker): Promise<Authentication | undefined> {
  const chosen = await asker.select<Authentication | 'neighbours'>({
    key: 'authentication',
    message: 'Who may use the routes?',
    choices: [
      {
        name: 'as the other routes',
        value: 'neighbours',
        description: 'closed by what closes those of the application',
      },
      { name: 'public', value: 'public', description: 'everybody' },
      { name: 'protected', value: 'protected', description: 'who is logged in, by a guard of the project' },
      { name: 'admin', value: 'admin', description: 'administrators, by a guard of the project' },
    ],
    default: 'neighbours',
    field: 'authentication',
    supply: '--authentication public|protected|admin',
  });
  return chosen === 'neighbours' ? undefined : chosen;
}

/** The plan with it at its new domains. */
export function withAuthentication(plan: Plan, authentication: Authentication | undefined): Plan {
  if (authentication === undefined) return plan;
  return {
    documents: plan.documents.map((document) =>
      document.migration_type === 'new_domain' ? { ...document, authentication } : document,
    ),
  };
}
