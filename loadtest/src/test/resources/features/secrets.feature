Feature: Secrets
  What workflows know and do not tell.

  @workflow.use.secrets
  Scenario: A secret goes out with a call and is told nowhere
    Given a secret key with value:
      """yaml
      token: s3cret-words-of-nobody
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-secret-goes-out-with-a-call-and-is-tol, version: '1.0.0' }
      use:
        secrets: [ key ]
      do:
        - ask:
            call: http
            with:
              method: post
              endpoint: https://things.example/echo
              body: { token: '${ $secrets.key.token }', length: '${ $secrets.key.token | length }' }
        - keep:
            set: { all: '${ . }' }
            metadata: { sluice: { journal: true } }
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'all.body.length' property with value:
      """yaml
      22
      """
    And the workflow output should have a 'all.body.token' property with value:
      """yaml
      '***'
      """
    And nothing that is told of the workflow should contain 's3cret-words-of-nobody'

  @runtime.expression.secrets
  Scenario: A secret is a part of the input of a task
    Given a secret key with value:
      """yaml
      s3cret-words-of-nobody
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-secret-is-a-part-of-the-input-of-a-tas, version: '1.0.0' }
      use:
        secrets: [ key ]
      do:
        - measure:
            input: { from: '{ length: ($secrets.key | length), key: $secrets.key }' }
            set: { length: '${ .length }', key: '${ .key }' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      length: 22
      key: '***'
      """
    And nothing that is told of the workflow should contain 's3cret-words-of-nobody'

  @authentication.basic
  Scenario: A name and a password are a secret
    Given a secret login with value:
      """yaml
      username: ada
      password: s3cret-words-of-nobody
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-name-and-a-password-are-a-secret, version: '1.0.0' }
      use:
        secrets: [ login ]
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint:
                uri: https://httpbin.org/basic-auth/ada/s3cret-words-of-nobody
                authentication: { basic: { use: login } }
              output: response
            output: { as: .content }
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'authenticated' property with value:
      """yaml
      true
      """
    And nothing that is told of the workflow should contain 's3cret-words-of-nobody'

  @authentication.bearer
  Scenario: A token is a secret
    Given a secret login with value:
      """yaml
      token: s3cret-words-of-nobody
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-token-is-a-secret, version: '1.0.0' }
      use:
        secrets: [ login ]
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint: { uri: 'https://things.example/echo', authentication: { bearer: { use: login } } }
              output: response
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'content.headers.authorization' property with value:
      """yaml
      'Bearer ***'
      """
    And nothing that is told of the workflow should contain 's3cret-words-of-nobody'

  @authentication.digest
  Scenario: A password that is proven is a secret
    Given a secret login with value:
      """yaml
      username: ada
      password: secret
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-password-that-is-proven-is-a-secret, version: '1.0.0' }
      use:
        secrets: [ login ]
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint: { uri: 'https://httpbin.org/digest-auth/auth/ada/secret', authentication: { digest: { use: login } } }
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'authenticated' property with value:
      """yaml
      true
      """

  @authentication.oauth2
  Scenario: The settings of a client are a secret
    Given a secret client with value:
      """yaml
      authority: https://things.example
      grant: client_credentials
      client: { id: sluice, secret: open sesame }
      scopes: [ things ]
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: the-settings-of-a-client-are-a-secret, version: '1.0.0' }
      use:
        secrets: [ client ]
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint: { uri: 'https://things.example/who', authentication: { oauth2: { use: client } } }
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'client' property with value:
      """yaml
      by body
      """
    And nothing that is told of the workflow should contain 'open sesame'

  @authentication.oidc
  Scenario: The settings of an OpenID client are a secret
    Given a secret client with value:
      """yaml
      authority: https://things.example
      grant: client_credentials
      client: { id: sluice, secret: open sesame }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: the-settings-of-an-openid-client-are-a-s, version: '1.0.0' }
      use:
        secrets: [ client ]
        authentications:
          known: { oidc: { use: client } }
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint: { uri: 'https://things.example/who', authentication: { use: known } }
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'endpoint' property with value:
      """yaml
      /tokens
      """
    And nothing that is told of the workflow should contain 'open sesame'

  @workflow.use.secrets
  Scenario: A secret that there is not is forbidden
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-secret-that-there-is-not-is-forbidden, version: '1.0.0' }
      use:
        secrets: [ key ]
      do:
        - ask:
            call: http
            with: { method: post, endpoint: 'https://things.example/echo', body: { token: '${ $secrets.key }' } }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/authorization
      status: 403
      instance: /do/0/ask
      """

  @workflow.use.secrets
  Scenario: Settings that are in no secret are forbidden
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: settings-that-are-in-no-secret-are-forbi, version: '1.0.0' }
      use:
        secrets: [ login ]
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint: { uri: 'https://things.example/echo', authentication: { bearer: { use: login } } }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/authorization
      status: 403
      instance: /do/0/ask
      """

  @workflow.use.secrets
  Scenario: A secret that the workflow does not name is refused
    When a workflow is deployed with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-secret-that-the-workflow-does-not-name, version: '1.0.0' }
      use:
        secrets: [ login ]
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint: { uri: 'https://things.example/echo', authentication: { bearer: { use: logn } } }
      """
    Then the workflow should be refused at '/do/0/ask/with/endpoint/authentication/bearer/use' because 'did you mean \'login\''
