// Says of each failed test in result files of xunit which it is and why: eng/failed-tests.mjs FILE...
import { readFileSync } from 'node:fs';

const mostLines = 25;
const entities = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
const text = (xml) => xml
  .replace(/<!\[CDATA\[([\s\S]*?)\]\]>/g, (_, raw) => raw.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`))
  .replace(/<[^>]*>/g, '\n')
  .replace(/&#x([0-9a-f]+);/gi, (_, code) => String.fromCodePoint(parseInt(code, 16)))
  .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
  .replace(/&(\w+);/g, (whole, name) => entities[name] ?? whole);

for (const file of process.argv.slice(2)) {
  for (const [, attributes, inside] of readFileSync(file, 'utf8').matchAll(/<test ([^>]*[^/])>([\s\S]*?)<\/test>/g)) {
    if (!attributes.includes('result="Fail"')) {
      continue;
    }

    console.log(text(/(?:^| )name="([^"]*)"/.exec(attributes)[1]));
    const failure = /<failure[\s\S]*?<\/failure>/.exec(inside)?.[0] ?? '';
    for (const line of text(failure).split('\n').filter((one) => one.trim().length > 0).slice(0, mostLines)) {
      console.log(`  ${line}`);
    }
  }
}
