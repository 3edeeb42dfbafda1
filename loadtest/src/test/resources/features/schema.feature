Feature: Schemas
  What comes in and what goes out is as it is said to be.

  @workflow.input.schema @error.validation
  Scenario: An input that is not as it should be is refused
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: an-input-that-is-not-as-it-should-be-is, version: '1.0.0' }
      input: { schema: { format: json, document: { type: object, required: [ id ] } } }
      do:
        - never:
            set: { id: '${ .id }' }
      """
    And given the workflow input is:
      """yaml
      name: no id
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/validation
      status: 400
      """
    And never should not run

  @workflow.input.schema
  Scenario: An input is checked as it was sent
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: an-input-is-checked-as-it-was-sent, version: '1.0.0' }
      input:
        schema: { document: { type: object, required: [ order ] } }
        from: .order
      do:
        - keep:
            set: { id: '${ .id }' }
      """
    And given the workflow input is:
      """yaml
      order: { id: 3 }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      id: 3
      """

  @workflow.output.schema
  Scenario: An output that is not as it should be is an error
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: an-output-that-is-not-as-it-should-be-is, version: '1.0.0' }
      do:
        - answer:
            set: { answer: many }
      output: { schema: { document: { type: object, properties: { answer: { type: integer } } } } }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/validation
      status: 400
      """

  @task.input.schema
  Scenario: The input of a task that is not as it should be is an error
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: the-input-of-a-task-that-is-not-as-it-sh, version: '1.0.0' }
      do:
        - strict:
            input: { schema: { document: { type: object, properties: { n: { type: integer } } } } }
            set: { n: '${ .n }' }
      """
    And given the workflow input is:
      """yaml
      n: one
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/validation
      status: 400
      instance: /do/0/strict
      """

  @task.output.schema
  Scenario: The output of a task is checked as it leaves
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: the-output-of-a-task-is-checked-as-it-le, version: '1.0.0' }
      do:
        - attempt:
            try:
              - short:
                  set: { text: abc }
                  output: { as: .text, schema: { document: { type: string, minLength: 4 } } }
            catch:
              errors: { with: { type: 'https://open-workflow-specification.org/spec/1.0.0/errors/validation' } }
              do:
                - note:
                    set: { at: '${ $error.instance }' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      at: /do/0/attempt/try/0/short
      """

  @task.export.schema
  Scenario: What a task exports is checked
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: what-a-task-exports-is-checked, version: '1.0.0' }
      do:
        - remember:
            set: { n: 1 }
            export: { as: '${ { n: .n } }', schema: { document: { type: object, required: [ m ] } } }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/validation
      status: 400
      instance: /do/0/remember
      """

  @task.export.schema
  Scenario: What is as it should be is exported
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: what-is-as-it-should-be-is-exported, version: '1.0.0' }
      do:
        - remember:
            set: { n: 1 }
            export: { as: '${ { n: .n } }', schema: { document: { type: object, required: [ n ] } } }
        - recall:
            set: { n: '${ $context.n + 1 }' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      n: 2
      """

  @schema.resource @external-resource.name
  Scenario: A schema may be elsewhere
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-schema-may-be-elsewhere, version: '1.0.0' }
      input: { schema: { format: json, resource: { name: thing, endpoint: 'https://things.example/schemas/thing.json' } } }
      do:
        - never:
            set: { id: '${ .id }' }
      """
    And given the workflow input is:
      """yaml
      id: seven
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/validation
      status: 400
      """
    And never should not run

  @schema.resource
  Scenario: What is as a schema elsewhere says comes through
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: what-is-as-a-schema-elsewhere-says-comes, version: '1.0.0' }
      do:
        - check:
            input: { schema: { resource: { endpoint: { uri: 'https://things.example/schemas/thing.json' } } } }
            set: { id: '${ .id }' }
      """
    And given the workflow input is:
      """yaml
      id: 7
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      id: 7
      """

  @schema.document
  Scenario: A schema that is none is refused
    When a workflow is deployed with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-schema-that-is-none-is-refused, version: '1.0.0' }
      input: { schema: { document: { type: nothing } } }
      do:
        - one:
            set: { n: 1 }
      """
    Then the workflow should be refused at '/input/schema/document/type' because 'not a schema'

  @schema.format
  Scenario: A schema in another language is refused
    When a workflow is deployed with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-schema-in-another-language-is-refused, version: '1.0.0' }
      input: { schema: { format: 'avro:1.9', document: { name: thing } } }
      do:
        - one:
            set: { n: 1 }
      """
    Then the workflow should be refused at '/input/schema/format' because 'not available'

  @external-resource.endpoint
  Scenario: A schema that is not there is refused with the reason
    When a workflow is deployed with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-schema-that-is-not-there-is-refused-wi, version: '1.0.0' }
      input: { schema: { resource: { endpoint: 'https://things.example/status/404' } } }
      do:
        - one:
            set: { n: 1 }
      """
    Then the workflow should be refused at '/input/schema/resource/endpoint' because 'status 404'
