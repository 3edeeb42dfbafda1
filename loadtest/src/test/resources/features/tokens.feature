Feature: Tokens
  Calls with a token that an authority gives.

  @authentication.oauth2.grant @authentication.oauth2.authority @authentication.oauth2.client.id @authentication.oauth2.client.secret
  Scenario: A token is asked for with the credentials of the client
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-token-is-asked-for-with-the-credential, version: '1.0.0' }
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint:
                uri: https://things.example/who
                authentication:
                  oauth2:
                    authority: https://things.example
                    grant: client_credentials
                    client: { id: sluice, secret: open sesame }
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'grant_type' property with value:
      """yaml
      client_credentials
      """
    And the workflow output should have a 'endpoint' property with value:
      """yaml
      /oauth2/token
      """
    And the workflow output should have a 'client' property with value:
      """yaml
      by body
      """
    And the workflow output should have a 'encoding' property with value:
      """yaml
      form
      """

  @authentication.oauth2.endpoints.token
  Scenario: A token is asked for where the policy says
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-token-is-asked-for-where-the-policy-sa, version: '1.0.0' }
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint:
                uri: https://things.example/who
                authentication:
                  oauth2:
                    authority: https://things.example
                    grant: client_credentials
                    client: { id: sluice, secret: open sesame }
                    endpoints: { token: /tokens }
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'endpoint' property with value:
      """yaml
      /tokens
      """

  @authentication.oauth2.client.authentication
  Scenario: A client says who it is in a header
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-client-says-who-it-is-in-a-header, version: '1.0.0' }
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint:
                uri: https://things.example/who
                authentication:
                  oauth2:
                    authority: https://things.example
                    grant: client_credentials
                    client: { id: sluice, secret: open sesame, authentication: client_secret_basic }
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'client' property with value:
      """yaml
      by header
      """

  @authentication.oauth2.client.assertion
  Scenario: A client says who it is by what it has signed
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-client-says-who-it-is-by-what-it-has-s, version: '1.0.0' }
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint:
                uri: https://things.example/who
                authentication:
                  oauth2:
                    authority: https://things.example
                    grant: client_credentials
                    client: { id: sluice, assertion: signed, authentication: private_key_jwt }
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'client' property with value:
      """yaml
      by assertion
      """

  @authentication.oauth2.request.encoding
  Scenario: A token is asked for in JSON
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-token-is-asked-for-in-json, version: '1.0.0' }
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint:
                uri: https://things.example/who
                authentication:
                  oauth2:
                    authority: https://things.example
                    grant: client_credentials
                    client: { id: sluice, secret: open sesame }
                    request: { encoding: application/json }
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'encoding' property with value:
      """yaml
      json
      """

  @authentication.oauth2.scopes
  Scenario: A token is asked for with scopes
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-token-is-asked-for-with-scopes, version: '1.0.0' }
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint:
                uri: https://things.example/who
                authentication:
                  oauth2:
                    authority: https://things.example
                    grant: client_credentials
                    client: { id: sluice, secret: open sesame }
                    scopes: [ read, write ]
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'scope' property with value:
      """yaml
      read write
      """

  @authentication.oauth2.audiences
  Scenario: A token is asked for audiences
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-token-is-asked-for-audiences, version: '1.0.0' }
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint:
                uri: https://things.example/who
                authentication:
                  oauth2:
                    authority: https://things.example
                    grant: client_credentials
                    client: { id: sluice, secret: open sesame }
                    audiences: [ things ]
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'audience' property with value:
      """yaml
      things
      """

  @authentication.oauth2.username @authentication.oauth2.password
  Scenario: A token is asked for with the name of a user
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-token-is-asked-for-with-the-name-of-a, version: '1.0.0' }
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint:
                uri: https://things.example/who
                authentication:
                  oauth2:
                    authority: https://things.example
                    grant: password
                    client: { id: sluice, secret: open sesame }
                    username: ada
                    password: secret
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'username' property with value:
      """yaml
      ada
      """
    And the workflow output should have a 'password' property with value:
      """yaml
      secret
      """

  @authentication.oauth2.subject @authentication.oauth2.subject.token @authentication.oauth2.subject.type @authentication.oauth2.actor.token @authentication.oauth2.actor.type
  Scenario: A token is exchanged for another
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-token-is-exchanged-for-another, version: '1.0.0' }
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint:
                uri: https://things.example/who
                authentication:
                  oauth2:
                    authority: https://things.example
                    grant: urn:ietf:params:oauth:grant-type:token-exchange
                    client: { id: sluice, secret: open sesame }
                    subject: { token: former, type: urn:ietf:params:oauth:token-type:access_token }
                    actor: { token: acting, type: urn:ietf:params:oauth:token-type:jwt }
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'subject_token' property with value:
      """yaml
      former
      """
    And the workflow output should have a 'actor_token' property with value:
      """yaml
      acting
      """
    And the workflow output should have a 'subject_token_type' property with value:
      """yaml
      urn:ietf:params:oauth:token-type:access_token
      """
    And the workflow output should have a 'actor_token_type' property with value:
      """yaml
      urn:ietf:params:oauth:token-type:jwt
      """

  @authentication.oauth2.issuers @error.authentication
  Scenario: A token of somebody else is not used
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-token-of-somebody-else-is-not-used, version: '1.0.0' }
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint:
                uri: https://things.example/who
                authentication:
                  oauth2:
                    authority: https://things.example
                    grant: client_credentials
                    client: { id: sluice, secret: open sesame }
                    issuers: [ https://elsewhere.example ]
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/authentication
      status: 401
      instance: /do/0/ask
      """

  @authentication.oauth2.client.secret
  Scenario: A client that is not known is given no token
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-client-that-is-not-known-is-given-no-t, version: '1.0.0' }
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint:
                uri: https://things.example/who
                authentication:
                  oauth2:
                    authority: https://things.example
                    grant: client_credentials
                    client: { id: sluice, secret: wrong }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/authentication
      status: 401
      instance: /do/0/ask
      """

  @authentication.oidc.authority @authentication.oidc.grant @authentication.oidc.client.id @authentication.oidc.client.secret @authentication.oidc.issuers @authentication.oidc.scopes
  Scenario: Where tokens are given is found out
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: where-tokens-are-given-is-found-out, version: '1.0.0' }
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint:
                uri: https://things.example/who
                authentication:
                  oidc:
                    authority: https://things.example
                    grant: client_credentials
                    client: { id: sluice, secret: open sesame }
                    issuers: [ https://things.example ]
                    scopes: [ openid ]
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'endpoint' property with value:
      """yaml
      /tokens
      """
    And the workflow output should have a 'scope' property with value:
      """yaml
      openid
      """
    And the workflow output should have a 'client_id' property with value:
      """yaml
      sluice
      """
    And the workflow output should have a 'client' property with value:
      """yaml
      by body
      """

  @authentication.oidc.client.id @authentication.oidc.client.authentication
  Scenario: A client without a secret says its name alone
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-client-without-a-secret-says-its-name, version: '1.0.0' }
      do:
        - ask:
            call: http
            with:
              method: get
              endpoint:
                uri: https://things.example/who
                authentication:
                  oidc:
                    authority: https://things.example/.well-known/openid-configuration
                    grant: client_credentials
                    client: { id: public, authentication: none }
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'client_id' property with value:
      """yaml
      public
      """
