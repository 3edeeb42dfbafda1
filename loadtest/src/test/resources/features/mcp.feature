Feature: Call MCP
  Servers of the Model Context Protocol over streamable HTTP, each call in a session of its own.

  @task.call.mcp.method @task.call.mcp.transport @task.call.mcp.transport.http @task.call.mcp.transport.http.endpoint
  Scenario: A server lists its tools
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-server-lists-its-tools, version: '1.0.0' }
      do:
        - ask:
            call: mcp
            with: { method: tools/list, transport: { http: { endpoint: 'https://things.example/mcp' } } }
            output: { as: '[.tools[].name]' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      [ say, fail, wait ]
      """

  @task.call.mcp.method @task.call.mcp.parameters
  Scenario: A tool is called with what expressions give
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-tool-is-called-with-what-expressions-g, version: '1.0.0' }
      do:
        - ask:
            call: mcp
            with:
              method: tools/call
              parameters: { name: say, arguments: { words: '${ .words }' } }
              transport: { http: { endpoint: { uri: 'https://things.example/{place}' } } }
            output: { as: .structuredContent.arguments }
      """
    And given the workflow input is:
      """yaml
      { words: hello, place: mcp }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      words: hello
      """

  @task.call.mcp.parameters
  Scenario: Parameters are an expression
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: parameters-are-an-expression, version: '1.0.0' }
      do:
        - ask:
            call: mcp
            with:
              method: prompts/get
              parameters: '${ {name: .prompt} }'
              transport: { http: { endpoint: 'https://things.example/mcp' } }
      """
    And given the workflow input is:
      """yaml
      { prompt: greeting }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      asked: { name: greeting }
      """

  @task.call.mcp.method
  Scenario: The method is prompts/list
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: the-method-is-prompts-list, version: '1.0.0' }
      do:
        - ask:
            call: mcp
            with: { method: prompts/list, parameters: { uri: 'file:///a' }, transport: { http: { endpoint: 'https://things.example/mcp' } } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      asked: { uri: 'file:///a' }
      """

  @task.call.mcp.method
  Scenario: The method is resources/list
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: the-method-is-resources-list, version: '1.0.0' }
      do:
        - ask:
            call: mcp
            with: { method: resources/list, parameters: { uri: 'file:///a' }, transport: { http: { endpoint: 'https://things.example/mcp' } } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      asked: { uri: 'file:///a' }
      """

  @task.call.mcp.method
  Scenario: The method is resources/read
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: the-method-is-resources-read, version: '1.0.0' }
      do:
        - ask:
            call: mcp
            with: { method: resources/read, parameters: { uri: 'file:///a' }, transport: { http: { endpoint: 'https://things.example/mcp' } } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      asked: { uri: 'file:///a' }
      """

  @task.call.mcp.method
  Scenario: The method is resources/templates/list
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: the-method-is-resources-templates-list, version: '1.0.0' }
      do:
        - ask:
            call: mcp
            with: { method: resources/templates/list, parameters: { uri: 'file:///a' }, transport: { http: { endpoint: 'https://things.example/mcp' } } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      asked: { uri: 'file:///a' }
      """

  @task.call.mcp.client @task.call.mcp.client.name @task.call.mcp.client.version @task.call.mcp.protocolVersion @task.call.mcp.transport.http.headers
  Scenario: A server is told who calls, in which version, and by which headers
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-server-is-told-who-calls-in-which-vers, version: '1.0.0' }
      do:
        - ask:
            call: mcp
            with:
              protocolVersion: '2025-11-25'
              method: tools/call
              parameters: { name: say }
              client: { name: synapse, version: 1.0.0-alpha }
              transport: { http: { endpoint: 'https://things.example/mcp', headers: { X-Tenant: '${ .tenant }' } } }
            output: { as: '.structuredContent | { client, protocolVersion, tenant }' }
      """
    And given the workflow input is:
      """yaml
      { tenant: blue }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      client: { name: synapse, version: 1.0.0-alpha }
      protocolVersion: '2025-11-25'
      tenant: blue
      """

  @task.call.mcp.protocolVersion
  Scenario: The version is 2025-06-18 where there is none
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: the-version-is-2025-06-18-where-there-is, version: '1.0.0' }
      do:
        - ask:
            call: mcp
            with: { method: tools/call, parameters: { name: say }, transport: { http: { endpoint: 'https://things.example/mcp' } } }
            output: { as: .structuredContent.protocolVersion }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      '2025-06-18'
      """

  @task.call.mcp.protocolVersion
  Scenario: Versions that have no streamable HTTP are refused
    When a workflow is deployed with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: versions-that-have-no-streamable-http-ar, version: '1.0.0' }
      do:
        - ask:
            call: mcp
            with: { protocolVersion: '2024-11-05', method: tools/list, transport: { http: { endpoint: 'https://things.example/mcp' } } }
      """
    Then the workflow should be refused at '/do/0/ask/with/protocolVersion' because 'is not one of'

  @task.call.mcp.method
  Scenario: What a server answers with an error is one
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: what-a-server-answers-with-an-error-is-o, version: '1.0.0' }
      do:
        - ask:
            call: mcp
            with: { method: tools/call, parameters: { name: nothing }, transport: { http: { endpoint: 'https://things.example/mcp' } } }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/runtime
      status: 500
      """

  @task.call.mcp.method
  Scenario: A tool that failed has a result that says so
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-tool-that-failed-has-a-result-that-say, version: '1.0.0' }
      do:
        - ask:
            call: mcp
            with: { method: tools/call, parameters: { name: fail }, transport: { http: { endpoint: 'https://things.example/mcp' } } }
            output: { as: .isError }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      true
      """

  @task.call.mcp.timeout
  Scenario: A call that takes longer than it may is over
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-call-that-takes-longer-than-it-may-is, version: '1.0.0' }
      do:
        - ask:
            call: mcp
            with:
              method: tools/call
              parameters: { name: wait }
              timeout: { milliseconds: 500 }
              transport: { http: { endpoint: 'https://things.example/mcp' } }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/timeout
      status: 408
      """

  @endpoint.authentication
  Scenario: A server is told who calls by credentials
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-server-is-told-who-calls-by-credential, version: '1.0.0' }
      do:
        - ask:
            call: mcp
            with:
              method: tools/call
              parameters: { name: say, arguments: { by: '${ $authorization.scheme }' } }
              transport: { http: { endpoint: { uri: 'https://things.example/mcp', authentication: { basic: { username: ada, password: secret } } } } }
            output: { as: '.structuredContent | { by: .arguments.by, authenticated }' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      by: Basic
      authenticated: true
      """

  @task.call.mcp.transport.options
  Scenario: A server that says nothing is not waited for
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-server-that-says-nothing-is-not-waited, version: '1.0.0' }
      do:
        - ask:
            call: mcp
            with:
              method: tools/call
              parameters: { name: wait }
              transport: { http: { endpoint: 'https://things.example/mcp' }, options: { idleTimeout: PT0.5S } }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/timeout
      status: 408
      """

  @task.call.mcp.transport.options
  Scenario: An answer is no larger than the workflow wants
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: an-answer-is-no-larger-than-the-workflow, version: '1.0.0' }
      do:
        - ask:
            call: mcp
            with:
              method: tools/list
              transport: { http: { endpoint: 'https://things.example/mcp' }, options: { maxResponseBytes: '10' } }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/communication
      status: 502
      """

  @task.call.mcp.transport.options
  Scenario: An option that there is not is refused
    When a workflow is deployed with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: an-option-that-there-is-not-is-refused, version: '1.0.0' }
      do:
        - ask:
            call: mcp
            with:
              method: tools/list
              transport: { http: { endpoint: 'https://things.example/mcp' }, options: { idleTimeouts: PT1S } }
      """
    Then the workflow should be refused at '/do/0/ask/with/transport/options/idleTimeouts' because 'did you mean \'idleTimeout\''
