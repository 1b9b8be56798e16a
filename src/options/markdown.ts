import type { OptionOwner, ResolvedOption } from './definition.ts';
import { defaultText, usageOf } from './help.ts';

const ownerNames: Readonly<Record<OptionOwner, string>> = {
  both: 'MySQL, MariaDB',
  mysql: 'MySQL',
  mariadb: 'MariaDB',
  rowlock: 'Rowlock',
};

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** The options as Markdown, one table a section, for the documentation. */
export function markdownTable(options: readonly ResolvedOption[]): string {
  const shown = options.filter((option) => option.type.kind !== 'disabled');
  const sections = [...new Set(shown.map((option) => option.definition.section))];
  return sections
    .map((section) => {
      const rows = shown
        .filter((option) => option.definition.section === section)
        .map((option) => {
          const { definition } = option;
          const help =
            definition.deprecated === undefined
              ? definition.help
              : `${definition.help} *Deprecated: ${definition.deprecated}.*`;
          const name = usageOf(option).trim();
          const columns = [`\`${name}\``, help, defaultText(option.type) ?? '', ownerNames[definition.owner]];
          return `| ${columns.map(cell).join(' | ')} |`;
        });
      return [
        `### ${section}`,
        '',
        '| option | meaning | default | known to |',
        '| --- | --- | --- | --- |',
        ...rows,
      ].join('\n');
    })
    .join('\n\n');
}
