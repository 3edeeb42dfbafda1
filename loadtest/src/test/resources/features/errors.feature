Feature: Errors
  The standard types, with status and instance.

  @error.communication
  Scenario: What an upstream refuses is an error of communication with its status
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: what-an-upstream-refuses-is-an-error-of, version: '1.0.0' }
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint: https://things.example/status/404
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/communication
      status: 404
      instance: /do/0/ask
      """
    And ask should fault with error:
      """yaml
      status: 404
      """

  @error.expression
  Scenario: What cannot be computed is an error of expression
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: what-cannot-be-computed-is-an-error-of-e, version: '1.0.0' }
      do:
        - divide:
            set: { result: '${ .text / 2 }' }
      """
    And given the workflow input is:
      """yaml
      text: words
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/expression
      status: 400
      instance: /do/0/divide
      """

  @error.configuration
  Scenario: An address that is none is an error of configuration
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: an-address-that-is-none-is-an-error-of-c, version: '1.0.0' }
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint: '${ .address }'
      """
    And given the workflow input is:
      """yaml
      address: no address
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/configuration
      status: 400
      instance: /do/0/ask
      """

  @error.authorization
  Scenario: An address that may not be reached is an error of authorization
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: an-address-that-may-not-be-reached-is-an, version: '1.0.0' }
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint: http://10.0.0.1/
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/authorization
      status: 403
      instance: /do/0/ask
      """

  @error.instance
  Scenario: The instance leads through all that is around a task
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: the-instance-leads-through-all-that-is-a, version: '1.0.0' }
      do:
        - all:
            for: { each: n, in: [ 1 ] }
            do:
              - inner:
                  do:
                    - fail:
                        raise:
                          error: { type: 'https://things.example/errors/deep', status: 500 }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      instance: /do/0/all/do/0/inner/do/0/fail
      """

  @error.runtime
  Scenario: What calls itself without an end is an error of the runtime
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: what-calls-itself-without-an-end-is-an-e, version: '1.0.0' }
      use:
        functions:
          deep: { do: [ { deeper: { call: deep } } ] }
      do:
        - one: { call: deep }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/runtime
      status: 500
      """
