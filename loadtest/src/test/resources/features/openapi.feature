Feature: Call OpenAPI
  Operations that a document elsewhere describes.

  @task.call.openapi.operationId
  Scenario: An operation is called by its id
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: an-operation-is-called-by-its-id, version: '1.0.0' }
      do:
        - ask:
            call: openapi
            with:
              document: { endpoint: 'https://things.example/openapi.json' }
              operationId: findThing
              parameters: { kind: order, id: "${ .id }" }
      """
    And given the workflow input is:
      """yaml
      id: 12
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'method' property with value:
      """yaml
      GET
      """
    And the workflow output should have a 'path' property with value:
      """yaml
      /echo/order/12
      """

  @task.call.openapi.parameters
  Scenario: A list in a query is repeated or joined as the document says
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-list-in-a-query-is-repeated-or-joined, version: '1.0.0' }
      do:
        - ask:
            call: openapi
            with:
              document: { endpoint: 'https://things.example/openapi.json' }
              operationId: findThing
              parameters: { kind: order, id: 1, tags: [ a, b ], fields: [ id, name ] }
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'query' property with value:
      """yaml
      tags: [ a, b ]
      fields: id,name
      """

  @task.call.openapi.parameters
  Scenario: A parameter is a header
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-parameter-is-a-header, version: '1.0.0' }
      do:
        - ask:
            call: openapi
            with:
              document: { endpoint: 'https://things.example/openapi.json' }
              operationId: findThing
              parameters: { kind: order, id: 1, X-Tenant: "${ .tenant }" }
      """
    And given the workflow input is:
      """yaml
      tenant: blue
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'headers.x-tenant' property with value:
      """yaml
      blue
      """

  @task.call.openapi.parameters
  Scenario: A parameter in a path is encoded
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-parameter-in-a-path-is-encoded, version: '1.0.0' }
      do:
        - ask:
            call: openapi
            with:
              document: { endpoint: 'https://things.example/openapi.json' }
              operationId: findThing
              parameters: { kind: a/b c, id: 1 }
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'path' property with value:
      """yaml
      /echo/a%2Fb%20c/1
      """

  @task.call.openapi.parameters
  Scenario: What is no parameter is the body
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: what-is-no-parameter-is-the-body, version: '1.0.0' }
      do:
        - ask:
            call: openapi
            with:
              document: { endpoint: 'https://things.example/openapi.json' }
              operationId: changeThing
              parameters: { kind: order, id: 1, name: Ada, size: 3 }
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'method' property with value:
      """yaml
      PUT
      """
    And the workflow output should have a 'body' property with value:
      """yaml
      name: Ada
      size: 3
      """
    And the workflow output should have a 'headers.content-type' property with value:
      """yaml
      application/json
      """

  @task.call.openapi.parameters
  Scenario: A parameter that is missing is an error of the call
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-parameter-that-is-missing-is-an-error, version: '1.0.0' }
      do:
        - ask:
            call: openapi
            with:
              document: { endpoint: 'https://things.example/openapi.json' }
              operationId: findThing
              parameters: { kind: order }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/expression
      status: 400
      instance: /do/0/ask
      """

  @task.call.openapi.output
  Scenario: The content is the output
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: the-content-is-the-output, version: '1.0.0' }
      do:
        - ask:
            call: openapi
            with:
              document: { endpoint: 'https://things.example/openapi.json' }
              operationId: words
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      plain words
      """

  @task.call.openapi.output
  Scenario: What is raw is Base64
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: what-is-raw-is-base64, version: '1.0.0' }
      do:
        - ask:
            call: openapi
            with:
              document: { endpoint: 'https://things.example/openapi.json' }
              operationId: words
              output: raw
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      cGxhaW4gd29yZHM=
      """

  @task.call.openapi.output
  Scenario: A response has request, status, headers and content
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-response-has-request-status-headers-an, version: '1.0.0' }
      do:
        - ask:
            call: openapi
            with:
              document: { endpoint: 'https://things.example/openapi.json' }
              operationId: words
              output: response
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'statusCode' property with value:
      """yaml
      200
      """
    And the workflow output should have a 'content' property with value:
      """yaml
      plain words
      """
    And the workflow output should have a 'request.uri' property with value:
      """yaml
      https://things.example/text
      """

  @task.call.openapi.redirect
  Scenario: A redirect is no error when it is expected
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-redirect-is-no-error-when-it-is-expect, version: '1.0.0' }
      do:
        - ask:
            call: openapi
            with:
              document: { endpoint: 'https://things.example/openapi.json' }
              operationId: moved
              redirect: true
              output: response
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'statusCode' property with value:
      """yaml
      302
      """

  @task.call.openapi.redirect
  Scenario: A redirect is an error
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-redirect-is-an-error, version: '1.0.0' }
      do:
        - ask:
            call: openapi
            with:
              document: { endpoint: 'https://things.example/openapi.json' }
              operationId: moved
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/communication
      status: 302
      instance: /do/0/ask
      """

  @task.call.openapi.authentication
  Scenario: A call says who makes it
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-call-says-who-makes-it, version: '1.0.0' }
      do:
        - ask:
            call: openapi
            with:
              document: { endpoint: 'https://things.example/openapi.json' }
              operationId: findThing
              parameters: { kind: order, id: 1 }
              authentication: { bearer: { token: abc } }
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'headers.authorization' property with value:
      """yaml
      Bearer abc
      """
