import { explainRule, type Explanation } from '../../src/commands/explain.ts';
import { FIXED_RULES, RULE_NAMES } from '../../src/review/rule-names.ts';
import { rules } from '../../src/review/rules/index.ts';

const INTRODUCTION = `# Rules

\`review\`, \`rehearse\` and \`migration\` report a problem under one name and with one severity. Each rule for SQL is shown with a
statement that it reports, what to write instead, and a statement that it lets pass; \`tableplan explain <rule>\` prints the same.

A project sets the severity of a rule, or turns it off, in its package.json:

\`\`\`json
"tableplan": {
  "rules": { "type-preferences": "off", "create-index-blocking": "info" }
}
\`\`\`

The values are \`error\`, \`warning\`, \`info\` and \`off\`. The output names the rules that are off once; \`--json\` lists them as
\`rulesOff\`. For one statement, write \`-- tableplan:allow <rule> <reason>\` above it; for one plan, use \`safety.allow\`.

Of one statement a rule reports the first twenty findings of each severity; the last of them says how many more there are.

Where several findings of one statement have a fix, each fix holds those of the findings above it too (\`fixWith\` in \`--json\`):
the last one is the whole. A fix that does not go with the others is withheld (\`fixWithheldFor\`): take the first one and run
again. \`type-preferences\` and \`json-column\` ignore a type that most of the project's columns have.
`;

/** `docs/reference/rules.md`: every rule as it stands in the sources, with the message and the fix that it gives itself. */
export async function rulesPage(): Promise<string> {
  const explained: Explanation[] = [];
  for (const { name } of rules.toSorted((a, b) => (a.name < b.name ? -1 : 1)))
    explained.push(await explainRule(name));
  const optIn = new Set(rules.flatMap((rule) => (rule.isOptIn ? [rule.name] : [])));
  const others = [...RULE_NAMES].filter((name) => !rules.some((rule) => rule.name === name)).toSorted();
  return [
    INTRODUCTION,
    '## Rules for SQL\n',
    ...explained.map((each) => section(each, optIn.has(each.rule))),
    '## Plan, history, sources and rehearsal\n',
    'These report what a plan, a history, the sources or a rehearsal shows; their messages say what to do. They can be set like\nthe rules for SQL.\n',
    `${list(others)}\n`,
    '## Rules that cannot be turned off\n',
    'They report a migration, a history or a proof that does not hold.\n',
    list([...FIXED_RULES].toSorted()),
    '',
  ].join('\n');
}

function section({ rule, severity, reason, bad, message, fix, good }: Explanation, isOptIn: boolean): string {
  const asked = isOptIn ? ` Only for projects that ask for it (\`"optIn": ["${rule}"]\`).` : '';
  return [
    `### ${rule}\n`,
    `**${severity}.** ${reason}${asked}\n`,
    ...(bad === undefined ? [] : [sql(bad)]),
    ...(message === undefined ? [] : [`${message.replaceAll('\n', ' ')}\n`]),
    ...(fix === undefined ? [] : ['Instead:\n', sql(fix)]),
    ...(good === undefined ? [] : ['Passes:\n', sql(good)]),
  ].join('\n');
}

function sql(text: string): string {
  return `\`\`\`sql\n${text.trim()}\n\`\`\`\n`;
}

function list(names: readonly string[]): string {
  return names.map((name) => `- \`${name}\``).join('\n');
}
