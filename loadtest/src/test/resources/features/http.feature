Feature: Call HTTP
  What is asked of others, and what they answer.

  @task.call.http.method
  Scenario: A request has the method that is named
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-request-has-the-method-that-is-named, version: '1.0.0' }
      do:
        - ask:
            call: http
            with:
              method: delete
              endpoint: https://things.example/echo/7
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'method' property with value:
      """yaml
      DELETE
      """

  @task.call.http.body
  Scenario: A body is sent as JSON
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-body-is-sent-as-json, version: '1.0.0' }
      do:
        - ask:
            call: http
            with:
              method: post
              endpoint: https://things.example/echo
              body: { id: '${ .id }', tags: [ a, b ] }
      """
    And given the workflow input is:
      """yaml
      id: 9
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'body' property with value:
      """yaml
      id: 9
      tags: [ a, b ]
      """
    And the workflow output should have a 'headers.content-type' property with value:
      """yaml
      application/json
      """

  @task.call.http.headers
  Scenario: Headers are sent
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: headers-are-sent, version: '1.0.0' }
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint: https://things.example/echo
              headers: { X-Tenant: '${ .tenant }' }
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

  @task.call.http.query
  Scenario: Parameters are added to the query
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: parameters-are-added-to-the-query, version: '1.0.0' }
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint: https://things.example/echo?page=2
              query: { size: '${ .size }' }
      """
    And given the workflow input is:
      """yaml
      size: 5
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'query' property with value:
      """yaml
      page: '2'
      size: '5'
      """

  @endpoint.uri
  Scenario: Names in an address stand for the data
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: names-in-an-address-stand-for-the-data, version: '1.0.0' }
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint: { uri: 'https://things.example/echo/{kind}/{id}' }
      """
    And given the workflow input is:
      """yaml
      kind: order
      id: 12
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'path' property with value:
      """yaml
      /echo/order/12
      """

  @task.call.http.endpoint
  Scenario: An address is computed
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: an-address-is-computed, version: '1.0.0' }
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint: '${ "https://things.example/echo/" + .name }'
      """
    And given the workflow input is:
      """yaml
      name: ada
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'path' property with value:
      """yaml
      /echo/ada
      """

  @task.call.http.output
  Scenario: Words are text
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: words-are-text, version: '1.0.0' }
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint: https://things.example/text
              output: content
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      plain words
      """

  @task.call.http.output
  Scenario: What is raw is Base64
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: what-is-raw-is-base64, version: '1.0.0' }
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint: https://things.example/text
              output: raw
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      cGxhaW4gd29yZHM=
      """

  @task.call.http.output @http.response.request @http.response.statusCode @http.response.headers @http.response.content @http.request.method @http.request.uri @http.request.headers
  Scenario: A response has request, status, headers and content
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-response-has-request-status-headers-an, version: '1.0.0' }
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint: https://things.example/status/201
              output: response
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have properties 'request.method', 'request.uri', 'request.headers', 'headers.content-type'
    And the workflow output should have a 'statusCode' property with value:
      """yaml
      201
      """
    And the workflow output should have a 'content' property with value:
      """yaml
      status: 201
      """

  @task.call.http.redirect
  Scenario: A redirection is an answer where that is said
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-redirection-is-an-answer-where-that-is, version: '1.0.0' }
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint: https://things.example/moved
              output: response
              redirect: true
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'statusCode' property with value:
      """yaml
      302
      """
    And the workflow output should have a 'headers.location' property with value:
      """yaml
      https://things.example/text
      """

  @task.call.http.redirect
  Scenario: A redirection is an error otherwise
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-redirection-is-an-error-otherwise, version: '1.0.0' }
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint: https://things.example/moved
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/communication
      status: 302
      """
