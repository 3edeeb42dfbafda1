Feature: Call A2A
  Agents, named by an address or by their card.

  @task.call.a2a.method @task.call.a2a.server @task.call.a2a.parameters
  Scenario: A message is sent with what its author leaves out
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-message-is-sent-with-what-its-author-l, version: '1.0.0' }
      do:
        - ask:
            call: a2a
            with:
              method: message/send
              server: https://things.example/agent
              parameters: { message: { parts: [ { kind: text, text: '${ .words }' } ] } }
            output: { as: '.message | { role, text: .parts[0].text, id: (.messageId | length) }' }
      """
    And given the workflow input is:
      """yaml
      { words: hello }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      role: user
      text: hello
      id: 36
      """

  @task.call.a2a.agentCard
  Scenario: An agent is where its card says
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: an-agent-is-where-its-card-says, version: '1.0.0' }
      do:
        - ask:
            call: a2a
            with:
              method: tasks/get
              agentCard: { endpoint: 'https://things.example/agent-card.json' }
              parameters: { id: '7' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      method: tasks/get
      params: { id: '7' }
      """

  @task.call.a2a.agentCard @task.call.a2a.server
  Scenario: A card counts more than an address
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-card-counts-more-than-an-address, version: '1.0.0' }
      do:
        - ask:
            call: a2a
            with:
              method: tasks/get
              agentCard: { endpoint: 'https://things.example/agent-card.json' }
              server: https://things.example/status/500
              parameters: '${ {id: .id} }'
            output: { as: .params.id }
      """
    And given the workflow input is:
      """yaml
      { id: '8' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      '8'
      """

  @task.call.a2a.agentCard
  Scenario: An agent that takes no JSON-RPC is refused
    When a workflow is deployed with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: an-agent-that-takes-no-json-rpc-is-refus, version: '1.0.0' }
      do:
        - ask:
            call: a2a
            with: { method: tasks/get, agentCard: { endpoint: 'https://things.example/grpc-card.json' }, parameters: { id: '7' } }
      """
    Then the workflow should be refused at '/do/0/ask/with/agentCard' because 'takes GRPC and no JSONRPC'

  @task.call.a2a.server
  Scenario: A call needs an agent
    When a workflow is deployed with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-call-needs-an-agent, version: '1.0.0' }
      do:
        - ask:
            call: a2a
            with: { method: tasks/get, parameters: { id: '7' } }
      """
    Then the workflow should be refused at '/do/0/ask/with' because 'needs'

  @task.call.a2a.method
  Scenario: A stream gives the list of its results
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-stream-gives-the-list-of-its-results, version: '1.0.0' }
      do:
        - ask:
            call: a2a
            with: { method: message/stream, server: 'https://things.example/agent', parameters: { message: { parts: [] } } }
            output: { as: '[.[] | .status.state]' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      [ working, completed ]
      """

  @task.call.a2a.method
  Scenario: What an agent answers with an error is one
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: what-an-agent-answers-with-an-error-is-o, version: '1.0.0' }
      do:
        - ask:
            call: a2a
            with: { method: tasks/cancel, server: 'https://things.example/agent', parameters: { id: missing } }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/runtime
      status: 500
      """

  @task.call.a2a.method
  Scenario: An agent is asked by tasks/list
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: an-agent-is-asked-by-tasks-list, version: '1.0.0' }
      do:
        - ask:
            call: a2a
            with: { method: tasks/list, server: { uri: 'https://things.example/agent' }, parameters: { id: '7' } }
            output: { as: '. | .method' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      tasks/list
      """

  @task.call.a2a.method
  Scenario: An agent is asked by tasks/resubscribe
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: an-agent-is-asked-by-tasks-resubscribe, version: '1.0.0' }
      do:
        - ask:
            call: a2a
            with: { method: tasks/resubscribe, server: { uri: 'https://things.example/agent' }, parameters: { id: '7' } }
            output: { as: '.[0] | .method' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      tasks/resubscribe
      """

  @task.call.a2a.method
  Scenario: An agent is asked by tasks/pushNotificationConfig/set
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: an-agent-is-asked-by-tasks-pushnotificat, version: '1.0.0' }
      do:
        - ask:
            call: a2a
            with: { method: tasks/pushNotificationConfig/set, server: { uri: 'https://things.example/agent' }, parameters: { id: '7' } }
            output: { as: '. | .method' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      tasks/pushNotificationConfig/set
      """

  @task.call.a2a.method
  Scenario: An agent is asked by tasks/pushNotificationConfig/get
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: an-agent-is-asked-by-tasks-pushnotificat, version: '1.0.0' }
      do:
        - ask:
            call: a2a
            with: { method: tasks/pushNotificationConfig/get, server: { uri: 'https://things.example/agent' }, parameters: { id: '7' } }
            output: { as: '. | .method' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      tasks/pushNotificationConfig/get
      """

  @task.call.a2a.method
  Scenario: An agent is asked by tasks/pushNotificationConfig/list
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: an-agent-is-asked-by-tasks-pushnotificat, version: '1.0.0' }
      do:
        - ask:
            call: a2a
            with: { method: tasks/pushNotificationConfig/list, server: { uri: 'https://things.example/agent' }, parameters: { id: '7' } }
            output: { as: '. | .method' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      tasks/pushNotificationConfig/list
      """

  @task.call.a2a.method
  Scenario: An agent is asked by tasks/pushNotificationConfig/delete
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: an-agent-is-asked-by-tasks-pushnotificat, version: '1.0.0' }
      do:
        - ask:
            call: a2a
            with: { method: tasks/pushNotificationConfig/delete, server: { uri: 'https://things.example/agent' }, parameters: { id: '7' } }
            output: { as: '. | .method' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      tasks/pushNotificationConfig/delete
      """

  @task.call.a2a.method
  Scenario: An agent is asked by agent/getAuthenticatedExtendedCard
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: an-agent-is-asked-by-agent-getauthentica, version: '1.0.0' }
      do:
        - ask:
            call: a2a
            with: { method: agent/getAuthenticatedExtendedCard, server: { uri: 'https://things.example/agent' }, parameters: { id: '7' } }
            output: { as: '. | .method' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      agent/getAuthenticatedExtendedCard
      """
