// Checks Kubernetes objects (a JSON array on standard input) against the API's schemas: types and required members by the packages'
// validators, unknown members (typing mistakes, which a validator lets pass) by their type declarations. One line for each mistake.
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const packages = {
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator',
  'kafka.strimzi.io': '@kubernetes-models/strimzi-kafka-operator',
  'postgresql.cnpg.io': '@kubernetes-models/cloudnative-pg',
};

const mistakes = [];
for (const object of JSON.parse(readFileSync(0, 'utf8'))) {
  const name = `${object.kind}/${object.metadata?.name}`;
  const group = object.apiVersion.split('/')[0];
  const folder = join(process.cwd(), 'node_modules', packages[group] ?? 'kubernetes-models');
  const file = join(folder, object.apiVersion, object.kind);
  try {
    const model = (await import(pathToFileURL(file + '.js')))[object.kind];
    new model(object).validate();
  } catch (e) {
    mistakes.push(`${name}: ${e.message}`);
  }
  for (const path of unknownMembers(object, file + '.d.ts', 'I' + object.kind)) mistakes.push(`${name}: ${path} is unknown`);
}
for (const mistake of mistakes) console.log(mistake);
process.exitCode = mistakes.length > 0 ? 1 : 0;

// The declarations are generated, one line for each member: "name"?: Type; or "name"?: Array<Type>;
function* unknownMembers(value, file, type, path = '') {
  const members = membersOf(file, type);
  if (members === null) return;
  for (const [key, item] of Object.entries(value)) {
    const at = `${path}/${key}`;
    const member = members.get(key);
    if (member === undefined) {
      if (!(path === '' && (key === 'apiVersion' || key === 'kind'))) yield at;
      continue;
    }
    const element = /^Array<(\w+)>$/.exec(member)?.[1] ?? member;
    const declared = declarationOf(file, element);
    if (declared === null) continue;
    for (const [index, one] of (Array.isArray(item) ? item : [item]).entries())
      if (one !== null && typeof one === 'object')
        yield* unknownMembers(one, declared.file, declared.type, Array.isArray(item) ? `${at}/${index}` : at);
  }
}

function membersOf(file, type) {
  const text = readFileSync(file, 'utf8');
  const start = new RegExp(`export interface ${type}(?: extends [^{]+)? {`).exec(text);
  if (start === null) return null;
  const members = new Map();
  for (const line of text.slice(start.index).split('\n').slice(1)) {
    if (line === '}') break;
    const member = /^ {4}"([^"]+)"\??: (.+?);?$/.exec(line);
    if (member) members.set(member[1], member[2]);
  }
  return members;
}

// What an imported name such as IIoK8sApiCoreV1EnvVar is where it is declared: "IEnvVar as IIoK8sApiCoreV1EnvVar".
function declarationOf(file, name) {
  const text = readFileSync(file, 'utf8');
  const source = new RegExp(`import \\{[^}]*\\b${name}\\b[^}]*\\} from "([^"]+)"`).exec(text)?.[1];
  if (source === undefined) return null;
  const base = source.startsWith('.') ? resolve(dirname(file), source) : join(process.cwd(), 'node_modules', source);
  const target = base.replace(/\.js$/, '') + '.d.ts';
  const alias = new RegExp(`(\\w+) as ${name}\\b`).exec(readFileSync(target, 'utf8'))?.[1];
  return alias === undefined ? null : { file: target, type: alias };
}
