module.exports = {
  uiHost: "127.0.0.1",
  flowFile: "flows.json",
  credentialSecret: false,
  diagnostics: { enabled: false },
  logging: { console: { level: "warn", metrics: false, audit: false } },
};
