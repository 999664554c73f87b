// Validates CSDL JSON from standard input against OASIS's schema. What is wrong is printed by place, the innermost first, for
// the schema tries every kind of element at every place and complains of each; then the exit code is 1.
const Ajv = require('ajv');
const schema = require('odata-csdl/schemas/csdl.schema.json');
const validate = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(schema);
if (!validate(JSON.parse(require('fs').readFileSync(0, 'utf8')))) {
  const depth = (error) => error.instancePath.split('/').length;
  const lines = validate.errors.sort((a, b) => depth(b) - depth(a)).map((e) => `${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`);
  console.log([...new Set(lines)].join('\n'));
  process.exitCode = 1;
}
