Feature: OpenAPI documents
  Where operations are described.

  @task.call.openapi.parameters
  Scenario: A parameter that there is not is refused
    When a workflow is deployed with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-parameter-that-there-is-not-is-refused, version: '1.0.0' }
      do:
        - ask:
            call: openapi
            with:
              document: { endpoint: 'https://things.example/openapi.json' }
              operationId: findThing
              parameters: { kind: order, id: 1, tag: [ a ] }
      """
    Then the workflow should be refused at '/do/0/ask/with/parameters/tag' because 'did you mean \'tags\''

  @task.call.openapi.document
  Scenario: A document is in Swagger 2
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-document-is-in-swagger-2, version: '1.0.0' }
      do:
        - ask:
            call: openapi
            with:
              document: { endpoint: 'https://things.example/swagger.json' }
              operationId: putThing
              parameters: { kind: order, sizes: [ 1, 2 ], X-Tenant: blue, thing: { name: Ada } }
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'method' property with value:
      """yaml
      PUT
      """
    And the workflow output should have a 'path' property with value:
      """yaml
      /echo/order
      """
    And the workflow output should have a 'query' property with value:
      """yaml
      sizes: 1|2
      """
    And the workflow output should have a 'headers.x-tenant' property with value:
      """yaml
      blue
      """
    And the workflow output should have a 'body' property with value:
      """yaml
      name: Ada
      """

  @task.call.openapi.operationId
  Scenario: An operation that there is not is refused with one that may be meant
    When a workflow is deployed with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: an-operation-that-there-is-not-is-refuse, version: '1.0.0' }
      do:
        - ask:
            call: openapi
            with:
              document: { endpoint: 'https://things.example/openapi.json' }
              operationId: findThings
      """
    Then the workflow should be refused at '/do/0/ask/with/operationId' because 'did you mean \'findThing\''

  @task.call.openapi.document
  Scenario: A document that is not there is refused with the reason
    When a workflow is deployed with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-document-that-is-not-there-is-refused, version: '1.0.0' }
      do:
        - ask:
            call: openapi
            with:
              document: { endpoint: 'https://things.example/status/404' }
              operationId: look
      """
    Then the workflow should be refused at '/do/0/ask/with/document/endpoint' because 'status 404'

  @task.call.openapi.document
  Scenario: A document that describes nothing is refused
    When a workflow is deployed with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-document-that-describes-nothing-is-ref, version: '1.0.0' }
      do:
        - ask:
            call: openapi
            with:
              document: { endpoint: 'https://things.example/schemas/thing.json' }
              operationId: look
      """
    Then the workflow should be refused at '/do/0/ask/with/document' because 'cannot be used'

  @task.call.openapi.document
  Scenario: A document that changes afterwards changes no workflow
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-document-that-changes-afterwards-chang, version: '1.0.0' }
      do:
        - changed:
            call: http
            with: { method: get, endpoint: 'https://things.example/changing/one' }
            output: { as: .paths | keys }
            export: { as: '{ now: . }' }
        - ask:
            call: openapi
            with: { document: { endpoint: 'https://things.example/changing/one' }, operationId: look }
            output: { as: '{ asked: .path, now: $context.now }' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      asked: /echo/1
      now: [ /echo/2 ]
      """

  @endpoint.authentication
  Scenario: A document is fetched by whoever may
    Given a secret login with value:
      """yaml
      username: ada
      password: secret
      """
    When a workflow is deployed with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-document-is-fetched-by-whoever-may, version: '1.0.0' }
      use:
        secrets: [ login ]
      do:
        - ask:
            call: openapi
            with:
              document: { endpoint: { uri: 'https://httpbin.org/basic-auth/ada/secret', authentication: { basic: { use: login } } } }
              operationId: look
      """
    Then the workflow should be refused at '/do/0/ask/with/document' because 'cannot be used'
