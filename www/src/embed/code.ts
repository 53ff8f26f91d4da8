// The code that puts a lab into somebody's page: the script, and the element with all that the fragment says.

const ENTITIES: Record<string, string> = { '&': '&amp;', '"': '&quot;', '<': '&lt;', '>': '&gt;' };

function escaped(text: string): string {
  return text.replace(/[&"<>]/g, (character) => ENTITIES[character]!);
}

export function embedCode(site: string, fragment: string, question: string): string {
  const fields = [...new URLSearchParams(fragment.slice(1))];
  const named = fields.some(([name]) => name === 'lab') ? fields : [['lab', 'race'], ...fields];
  const attributes = named.map(([name, value]) => `${name}="${escaped(value!)}"`).join(' ');
  return `<script type="module" src="${escaped(new URL('gilscope-lab.js', site).href)}"></script>
<gilscope-lab ${attributes}>
  <a href="${escaped(new URL(`./${fragment}`, site).href)}">${escaped(question)}</a>
</gilscope-lab>
`;
}
