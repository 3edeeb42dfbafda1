Feature: Authentication
  Calls that say who makes them.

  @authentication.basic.username
  Scenario: A name and a password are sent
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-name-and-a-password-are-sent, version: '1.0.0' }
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint:
                uri: https://httpbin.org/basic-auth/ada/secret
                authentication:
                  basic: { username: ada, password: "${ .password }" }
      """
    And given the workflow input is:
      """yaml
      password: secret
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      authenticated: true
      user: ada
      """

  @authentication.basic.password
  Scenario: A wrong password is not let in
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-wrong-password-is-not-let-in, version: '1.0.0' }
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint:
                uri: https://httpbin.org/basic-auth/ada/secret
                authentication:
                  basic: { username: ada, password: guess }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/communication
      status: 401
      instance: /do/0/ask
      """

  @authentication.bearer.token
  Scenario: A token is sent
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-token-is-sent, version: '1.0.0' }
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint:
                uri: https://things.example/echo
                authentication:
                  bearer: { token: "${ .token }" }
      """
    And given the workflow input is:
      """yaml
      token: abc
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'headers.authorization' property with value:
      """yaml
      Bearer abc
      """

  @authentication.digest.username
  Scenario: A password is proven without being sent
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-password-is-proven-without-being-sent, version: '1.0.0' }
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint:
                uri: https://httpbin.org/digest-auth/auth/ada/secret
                authentication:
                  digest: { username: ada, password: secret }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      authenticated: true
      user: ada
      """

  @authentication.digest.password
  Scenario: A wrong password proves nothing
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-wrong-password-proves-nothing, version: '1.0.0' }
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint:
                uri: https://httpbin.org/digest-auth/auth/ada/secret
                authentication:
                  digest: { username: ada, password: guess }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/communication
      status: 401
      instance: /do/0/ask
      """

  @workflow.use.authentications
  Scenario: A policy is used by its name
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-policy-is-used-by-its-name, version: '1.0.0' }
      use:
        authentications:
          known: { bearer: { token: '${ .token }' } }
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint: { uri: 'https://things.example/echo', authentication: { use: known } }
      """
    And given the workflow input is:
      """yaml
      token: abc
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'headers.authorization' property with value:
      """yaml
      Bearer abc
      """

  @authentication.use
  Scenario: A policy that there is not is refused
    When a workflow is deployed with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-policy-that-there-is-not-is-refused, version: '1.0.0' }
      use:
        authentications:
          known: { bearer: { token: abc } }
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint: { uri: 'https://things.example/echo', authentication: { use: knwon } }
      """
    Then the workflow should be refused at '/do/0/ask/with/endpoint/authentication/use' because 'did you mean \'known\''

  @runtime.expression.authorization
  Scenario: After a call it is known how it said who makes it, and not what
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-call-knows-what-it-said-of-who-makes-i, version: '1.0.0' }
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint:
                uri: https://things.example/echo
                authentication:
                  bearer: { token: abc }
            output: { as: '${ $authorization }' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      scheme: Bearer
      parameter: '***'
      """
