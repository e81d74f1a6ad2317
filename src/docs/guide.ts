import type { DatabaseSchema } from '../plan/database-schema.ts';
import { codeText } from '../record/markdown.ts';
import { commandsOf } from './commands.ts';
import { compare } from './domains.ts';
import { examplePlans } from './example-plan.ts';
import type { ProjectFacts } from './facts.ts';
import { conventionsOf } from './conventions.ts';
import { ORM_WORDS } from './orm-words.ts';
import { inBackticks, render } from './render.ts';

/** The guide, or the skill, of a project as Markdown; both are filled from the same facts. `template` is Handlebars. */
export function renderGuide(facts: ProjectFacts, schema: DatabaseSchema, template: string): string {
  const { name, ...words } = ORM_WORDS[facts.orm];
  const barrel = facts.entries.filter((path) => !facts.schemaFiles.includes(path));
  return render(template, {
    ...inBackticks({ ...facts, ...commandsOf(facts) }),
    ...words,
    // The templates have parts for one ORM alone.
    [facts.orm]: true,
    ormName: name,
    sources: filesIn(facts.schemaFiles.length > 0 ? facts.schemaFiles : facts.entries),
    barrel: facts.schemaFiles.length > 0 && barrel.length > 0 ? filesIn(barrel) : undefined,
    conventions: conventionsOf(schema),
    plans: examplePlans(schema),
  });
}

const MOST_FILES = 6;

/** A few files by name, many by their folders, very many by how many there are. */
function filesIn(files: readonly string[]): string {
  const code = (path: string): string => `\`${codeText(path)}\``;
  const sorted = files.toSorted(compare);
  if (sorted.length <= MOST_FILES) return sorted.map(code).join(', ') || 'none yet';
  const folders = [
    ...new Set(sorted.map((path) => path.slice(0, Math.max(0, path.lastIndexOf('/'))) || '.')),
  ];
  const shown = folders.slice(0, MOST_FILES).map(code).join(', ');
  const more = folders.length - MOST_FILES;
  return `${sorted.length} files in ${shown}${more > 0 ? ` and ${more} more folders` : ''}`;
}
