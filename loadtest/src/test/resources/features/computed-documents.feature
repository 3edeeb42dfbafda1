Feature: Documents at computed addresses
  Documents elsewhere of which only a run can tell where they are.

  @task.call.openapi.document @external-resource.endpoint
  Scenario: Where the description of an operation is may be computed
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: where-the-description-of-an-operation-is, version: '1.0.0' }
      do:
        - ask:
            call: openapi
            with:
              document: { endpoint: "${ .where }" }
              operationId: findThing
              parameters: { kind: order, id: 12 }
      """
    And given the workflow input is:
      """yaml
      where: https://things.example/openapi.json
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'path' property with value:
      """yaml
      /echo/order/12
      """

  @task.run.script.source @external-resource.endpoint
  Scenario: An address may have places for what comes in
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: an-address-may-have-places-for-what-come, version: '1.0.0' }
      do:
        - run:
            run:
              script: { language: js, source: { endpoint: { uri: 'https://{host}/script.js' } } }
            output: { as: { text: '${ . }' } }
      """
    And given the workflow input is:
      """yaml
      host: things.example
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      text: "from elsewhere\n"
      """

  @task.call.grpc.proto @task.call.asyncapi.document @task.call.a2a.agentCard @external-resource.endpoint
  Scenario: Each kind of document may be at a computed address
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: each-kind-of-document-may-be-at-a-comput, version: '1.0.0' }
      use:
        functions:
          greet:
            call: grpc
            with:
              proto: { endpoint: '${ .base + "protos/greeter.proto" }' }
              service: { name: GreeterApi.Greeter, host: things.example, port: 5011 }
              method: SayHello
              arguments: { name: Ada }
      do:
        - greet: { call: greet, output: { as: .message }, export: { as: '{ greeting: . }' } }
        - tell:
            input: { from: $workflow.input }
            call: asyncapi
            with:
              document: { endpoint: '${ .base + "asyncapi.json" }' }
              operation: order
              server: { name: site, variables: { stage: echo } }
              message: { payload: { id: 12 } }
            export: { as: '$context + { method }' }
        - ask:
            input: { from: $workflow.input }
            call: a2a
            with:
              agentCard: { endpoint: '${ .base + "agent-card.json" }' }
              method: tasks/get
              parameters: { id: '7' }
            export: { as: '$context + { asked: .method }' }
      output: { as: $context }
      """
    And given the workflow input is:
      """yaml
      base: https://things.example/
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      greeting: Hello Ada
      method: POST
      asked: tasks/get
      """

  @schema.resource @external-resource.endpoint
  Scenario: A task's schema may be at a computed address
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-tasks-schema-may-be-at-a-computed-addr, version: '1.0.0' }
      do:
        - check:
            input: { schema: { resource: { endpoint: 'https://things.example/schemas/{schema}.json' } } }
            set: { id: '${ .id }' }
      """
    And given the workflow input is:
      """yaml
      schema: thing
      id: seven
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/validation
      status: 400
      """

  @external-resource.endpoint
  Scenario: A document that is not there is an error of the task
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-document-that-is-not-there-is-an-error, version: '1.0.0' }
      do:
        - attempt:
            try:
              - ask: { call: openapi, with: { document: { endpoint: "${ .where }" }, operationId: findThing } }
            catch:
              errors: { with: { type: https://open-workflow-specification.org/spec/1.0.0/errors/communication } }
              as: problem
              do:
                - told: { set: { detail: "${ $problem.detail }" } }
      """
    And given the workflow input is:
      """yaml
      where: https://things.example/status/404
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      detail: "The document at https://things.example/status/404 cannot be fetched: status 404"
      """

  @external-resource.endpoint
  Scenario: What is needed before there is a run is at a fixed address
    When a workflow is deployed with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: what-is-needed-before-there-is-a-run-is, version: '1.0.0' }
      input: { schema: { resource: { endpoint: "${ .where }" } } }
      do:
        - one:
            set: { n: 1 }
      """
    Then the workflow should be refused at '/input/schema/resource/endpoint' because 'must be a fixed address'
