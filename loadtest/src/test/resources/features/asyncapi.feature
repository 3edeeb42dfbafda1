Feature: Call AsyncAPI
  Messages that are published, and taken from subscriptions, over channels that a document elsewhere describes.

  @task.call.asyncapi.document @task.call.asyncapi.operation @task.call.asyncapi.message @task.call.asyncapi.message.payload
  Scenario: A message is published over HTTP
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-message-is-published-over-http, version: '1.0.0' }
      do:
        - tell:
            call: asyncapi
            with:
              document: { endpoint: 'https://things.example/asyncapi.json' }
              operation: order
              server: { name: site, variables: { stage: echo } }
              message: { payload: { id: "${ .id }" } }
      """
    And given the workflow input is:
      """yaml
      id: 12
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'method' property with value:
      """yaml
      POST
      """
    And the workflow output should have a 'body' property with value:
      """yaml
      id: 12
      """

  @task.call.asyncapi.server.variables
  Scenario: What a document wants in a query is a variable
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: what-a-document-wants-in-a-query, version: '1.0.0' }
      do:
        - tell:
            call: asyncapi
            with:
              document: { endpoint: 'https://things.example/asyncapi.json' }
              operation: urge
              server: { name: site, variables: { stage: echo, by: "${ .who }" } }
              message: { payload: { id: 1 } }
      """
    And given the workflow input is:
      """yaml
      who: Ada & Bob
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'query' property with value:
      """yaml
      by: Ada & Bob
      format: json
      """

  @task.call.asyncapi.document
  Scenario: A document refers to another one
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-document-refers-to-another-one, version: '1.0.0' }
      do:
        - tell:
            call: asyncapi
            with:
              document: { endpoint: 'https://things.example/asyncapi-split.json' }
              operation: order
              server: { name: site, variables: { stage: echo } }
              message: { payload: { id: "${ .id }" } }
      """
    And given the workflow input is:
      """yaml
      id: twelve
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/validation
      status: 400
      instance: /do/0/tell
      """

  @task.call.asyncapi.server @task.call.asyncapi.server.name @task.call.asyncapi.server.variables
  Scenario: A server is chosen by its name and variables
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-server-is-chosen-by-its-name, version: '1.0.0' }
      do:
        - tell:
            call: asyncapi
            with:
              document: { endpoint: 'https://things.example/asyncapi.json' }
              operation: order
              server: { name: site, variables: { stage: "${ .stage }" } }
              message: { payload: { id: 1 } }
      """
    And given the workflow input is:
      """yaml
      stage: echo
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'path' property with value:
      """yaml
      /echo/orders
      """

  @task.call.asyncapi.server.variables
  Scenario: A variable that a server has not is refused
    When a workflow is deployed with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-variable-that-a-server-has-not, version: '1.0.0' }
      do:
        - tell:
            call: asyncapi
            with:
              document: { endpoint: 'https://things.example/asyncapi.json' }
              operation: order
              server: { name: site, variables: { stages: echo } }
              message: { payload: { id: 1 } }
      """
    Then the workflow should be refused at '/do/0/tell/with/server/variables/stages' because "did you mean 'stage'?"

  @task.call.asyncapi.message.headers
  Scenario: A message has headers
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-message-has-headers, version: '1.0.0' }
      do:
        - tell:
            call: asyncapi
            with:
              document: { endpoint: 'https://things.example/asyncapi.json' }
              operation: order
              server: { name: site, variables: { stage: echo } }
              message: { payload: { id: 1 }, headers: { X-Priority: "${ .priority }" } }
      """
    And given the workflow input is:
      """yaml
      priority: high
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'headers.x-priority' property with value:
      """yaml
      high
      """

  @task.call.asyncapi.message.payload
  Scenario: A message that is not what its document says faults
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-message-that-is-not-what-its-document, version: '1.0.0' }
      do:
        - tell:
            call: asyncapi
            with:
              document: { endpoint: 'https://things.example/asyncapi.json' }
              operation: order
              message: { payload: { id: twelve } }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/validation
      status: 400
      """

  @task.call.asyncapi.channel
  Scenario: A document of the former version names channels
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-document-of-the-former-version, version: '1.0.0' }
      do:
        - tell:
            call: asyncapi
            with:
              document: { endpoint: 'https://things.example/asyncapi-2.json' }
              channel: /echo/orders
              message: { payload: { id: 3 } }
            output: { as: '${ .body }' }
        - hear:
            call: asyncapi
            with:
              document: { endpoint: 'https://things.example/asyncapi-2.json' }
              channel: /channels/news
              subscription: { consume: { amount: 1 } }
            output: { as: '${ { told: $input, heard: map(.payload.number) } }' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      told: { id: 3 }
      heard: [ 1 ]
      """

  @task.call.asyncapi.protocol
  Scenario: A message is published over WebSocket
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-message-is-published-over-websocket, version: '1.0.0' }
      do:
        - tell:
            call: asyncapi
            with:
              document: { endpoint: 'https://things.example/asyncapi.json' }
              operation: order
              protocol: ws
              message: { payload: { id: 1 } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      null
      """

  @task.call.asyncapi.protocol
  Scenario: Protocols that are not spoken are refused by their names
    When a workflow is deployed with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: protocols-that-are-not-spoken, version: '1.0.0' }
      do:
        - tell:
            call: asyncapi
            with:
              document: { endpoint: 'https://things.example/asyncapi.json' }
              operation: order
              protocol: kafka
              message: { payload: { id: 1 } }
      """
    Then the workflow should be refused at '/do/0/tell/with/protocol' because "'kafka' is not available"

  @task.call.asyncapi.protocol
  Scenario: A channel whose servers speak no available protocol is refused
    When a workflow is deployed with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-channel-whose-servers-speak, version: '1.0.0' }
      do:
        - tell:
            call: asyncapi
            with:
              document: { endpoint: 'https://things.example/asyncapi.json' }
              operation: queue
              message: { payload: {} }
      """
    Then the workflow should be refused at '/do/0/tell/with/document' because "speak 'kafka', which is not available"

  @task.call.asyncapi.operation
  Scenario: An operation that there is not is refused with one that may be meant
    When a workflow is deployed with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: an-asyncapi-operation-that-there-is-not, version: '1.0.0' }
      do:
        - tell:
            call: asyncapi
            with:
              document: { endpoint: 'https://things.example/asyncapi.json' }
              operation: odrer
              message: { payload: { id: 1 } }
      """
    Then the workflow should be refused at '/do/0/tell/with/operation' because "did you mean 'order'?"

  @task.call.asyncapi.authentication
  Scenario: Whoever publishes says who they are
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: whoever-publishes-says-who-they-are, version: '1.0.0' }
      do:
        - tell:
            call: asyncapi
            with:
              document: { endpoint: 'https://things.example/asyncapi.json' }
              operation: order
              server: { name: site, variables: { stage: echo } }
              message: { payload: { id: 1 } }
              authentication: { bearer: { token: "${ .token }" } }
            output: { as: '${ { scheme: $authorization.scheme, told: (.headers | has("authorization")) } }' }
      """
    And given the workflow input is:
      """yaml
      token: a token
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      scheme: Bearer
      told: true
      """

  @task.call.asyncapi.subscription @task.call.asyncapi.subscription.consume @task.call.asyncapi.subscription.consume.amount
  Scenario: Messages of a stream are consumed until there are enough
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: messages-of-a-stream-are-consumed, version: '1.0.0' }
      do:
        - hear:
            call: asyncapi
            with:
              document: { endpoint: 'https://things.example/asyncapi.json' }
              operation: hear
              protocol: http
              subscription: { consume: { amount: 2 } }
            output: { as: '${ map(.payload.number) }' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      [ 1, 2 ]
      """

  @asyncapi.inbound-message.payload @asyncapi.inbound-message.headers @asyncapi.inbound-message.correlationId
  Scenario: A message has a payload, headers and what it correlates by
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-message-has-a-payload, version: '1.0.0' }
      do:
        - hear:
            call: asyncapi
            with:
              document: { endpoint: 'https://things.example/asyncapi.json' }
              operation: hear
              protocol: http
              subscription: { consume: { amount: 1 } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      - payload: { number: 1, about: odd }
        headers: { event: news, id: '1' }
        correlationId: odd
      """

  @task.call.asyncapi.subscription.filter
  Scenario: Messages of a WebSocket are filtered
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: messages-of-a-websocket-are-filtered, version: '1.0.0' }
      do:
        - hear:
            call: asyncapi
            with:
              document: { endpoint: 'https://things.example/asyncapi.json' }
              operation: hear
              protocol: ws
              subscription: { filter: '${ .correlationId == $input.about }', consume: { amount: 2 } }
            output: { as: '${ map(.payload.number) }' }
      """
    And given the workflow input is:
      """yaml
      about: even
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      [ 2, 4 ]
      """

  @task.call.asyncapi.subscription.consume.for
  Scenario: Messages are consumed for a time
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: messages-are-consumed-for-a-time, version: '1.0.0' }
      do:
        - hear:
            call: asyncapi
            with:
              document: { endpoint: 'https://things.example/asyncapi.json' }
              operation: hear
              protocol: ws
              subscription: { consume: { amount: 100, for: { seconds: 7 } } }
            output: { as: '${ map(.payload.number) }' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      [ 1, 2, 3, 4, 5 ]
      """
    And the workflow should take at least 7000 milliseconds

  @task.call.asyncapi.subscription.consume.while
  Scenario: Messages are consumed while a condition holds
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: messages-are-consumed-while, version: '1.0.0' }
      do:
        - hear:
            call: asyncapi
            with:
              document: { endpoint: 'https://things.example/asyncapi.json' }
              operation: hear
              protocol: http
              subscription: { consume: { while: '${ last.payload.number < 3 }' } }
            output: { as: '${ map(.payload.number) }' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      [ 1, 2, 3 ]
      """

  @task.call.asyncapi.subscription.consume.until
  @task.call.asyncapi.subscription.foreach @task.call.asyncapi.subscription.foreach.item @task.call.asyncapi.subscription.foreach.at
  @task.call.asyncapi.subscription.foreach.do @task.call.asyncapi.subscription.foreach.output @task.call.asyncapi.subscription.foreach.export
  Scenario: Something is done with each message until a condition of the context holds
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: something-is-done-with-each-message, version: '1.0.0' }
      do:
        - hear:
            call: asyncapi
            with:
              document: { endpoint: 'https://things.example/asyncapi.json' }
              operation: hear
              protocol: http
              subscription:
                consume: { until: '${ ($context.seen | length) == 3 }' }
                foreach:
                  item: message
                  at: place
                  do:
                    - double: { set: { number: '${ $message.payload.number * 2 }', place: '${ $place }' } }
                  output: { as: '${ .number + .place }' }
                  export: { as: '${ { seen: ($context.seen // []) + [ . ] } }' }
        - show: { set: { heard: '${ . }', seen: '${ $context.seen }' } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      heard: [ 2, 5, 8 ]
      seen: [ 2, 5, 8 ]
      """
    And double should run 3 times

  @task.call.asyncapi.subscription.consume
  Scenario: How long to consume is said in one way
    When a workflow is deployed with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: how-long-to-consume-is-said-in-one-way, version: '1.0.0' }
      do:
        - hear:
            call: asyncapi
            with:
              document: { endpoint: 'https://things.example/asyncapi.json' }
              operation: hear
              subscription: { consume: { amount: 1, until: '${ true }' } }
      """
    Then the workflow should be refused at '/do/0/hear/with/subscription/consume' because 'exactly one of amount, while, until'

  @task.call.asyncapi.protocol
  Scenario: What is published to a channel of Redis is heard there
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: what-is-published-to-redis-is-heard, version: '1.0.0' }
      do:
        - both:
            fork:
              compete: true
              branches:
                - hear:
                    call: asyncapi
                    with:
                      document: { endpoint: 'https://things.example/asyncapi.json' }
                      operation: chat
                      protocol: redis
                      authentication: { basic: { username: default, password: test-password } }
                      subscription: { consume: { amount: 1 } }
                - tell:
                    for: { each: n, in: '${ [range(100)] }' }
                    do:
                      - pause: { wait: { milliseconds: 100 } }
                      - say:
                          call: asyncapi
                          with:
                            document: { endpoint: 'https://things.example/asyncapi.json' }
                            operation: chat
                            authentication: { basic: { username: default, password: test-password } }
                            message: { payload: { text: hello } }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      - payload: { text: hello }
      """

  @task.call.asyncapi.subscription
  Scenario: A run that subscribes is suspended and goes on
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-run-that-subscribes-is-suspended, version: '1.0.0' }
      do:
        - hear:
            call: asyncapi
            with:
              document: { endpoint: 'https://things.example/asyncapi.json' }
              operation: hear
              protocol: http
              subscription: { consume: { amount: 100, for: { seconds: 12 } } }
            output: { as: '${ map(.payload.number) }' }
      """
    When the workflow is executed, suspended during hear and resumed
    Then the workflow should complete with output:
      """yaml
      [ 1, 2, 3, 4, 5 ]
      """
