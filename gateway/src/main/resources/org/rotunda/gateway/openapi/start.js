// Shows the document of this server. No validator is named, because it would be another host.
SwaggerUIBundle({
  url: '/openapi.yaml',
  dom_id: '#api',
  deepLinking: true,
  docExpansion: 'list',
  filter: true,
  validatorUrl: null,
});
