Feature: Call gRPC
  Methods of a service that a file of Protocol Buffers describes.

  @task.call.grpc.method
  Scenario: A method is called with one message and gives one
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-method-is-called-with-one-message-and, version: '1.0.0' }
      do:
        - greet:
            call: grpc
            with:
              proto: { endpoint: 'https://things.example/protos/greeter.proto' }
              service: { name: GreeterApi.Greeter, host: things.example, port: 5011 }
              method: SayHello
              arguments: { name: Ada }
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'message' property with value:
      """yaml
      Hello Ada
      """

  @task.call.grpc.arguments
  Scenario: Arguments of a method are computed
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: arguments-of-a-method-are-computed, version: '1.0.0' }
      do:
        - greet:
            call: grpc
            with:
              proto: { endpoint: 'https://things.example/protos/greeter.proto' }
              service: { name: GreeterApi.Greeter, host: things.example, port: 5011 }
              method: SayHello
              arguments: { name: "${ .user.preferredDisplayName }" }
      """
    And given the workflow input is:
      """yaml
      user: { preferredDisplayName: Grace }
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'message' property with value:
      """yaml
      Hello Grace
      """

  @task.call.grpc.method
  Scenario: A stream of messages is a list
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-stream-of-messages-is-a-list, version: '1.0.0' }
      do:
        - greet:
            call: grpc
            with:
              proto: { endpoint: 'https://things.example/protos/greeter.proto' }
              service: { name: GreeterApi.Greeter, host: things.example, port: 5011 }
              method: SayHelloOften
              arguments: { name: Ada }
            output: { as: { all: '${ . }' } }
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'all' property with value:
      """yaml
      [ { message: Hello Ada }, { message: Hello Ada } ]
      """

  @task.call.grpc.arguments
  Scenario: A list is a stream of messages
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-list-is-a-stream-of-messages, version: '1.0.0' }
      do:
        - greet:
            call: grpc
            with:
              proto: { endpoint: 'https://things.example/protos/greeter.proto' }
              service: { name: GreeterApi.Greeter, host: things.example, port: 5011 }
              method: SayHelloToAll
              arguments: "${ .names | map({ name: . }) }"
      """
    And given the workflow input is:
      """yaml
      names: [ Ada, Grace ]
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'message' property with value:
      """yaml
      Hello Ada and Grace
      """

  @task.call.grpc.arguments
  Scenario: Streams go both ways
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: streams-go-both-ways, version: '1.0.0' }
      do:
        - greet:
            call: grpc
            with:
              proto: { endpoint: 'https://things.example/protos/greeter.proto' }
              service: { name: GreeterApi.Greeter, host: things.example, port: 5011 }
              method: SayHelloToEach
              arguments: [ { name: Ada }, { name: Grace } ]
            output: { as: { all: '${ map(.message) }' } }
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'all' property with value:
      """yaml
      [ Hello Ada, Hello Grace ]
      """

  @task.call.grpc.arguments
  Scenario: An argument that there is not is refused with one that may be meant
    When a workflow is deployed with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: an-argument-that-there-is-not-is-refused, version: '1.0.0' }
      do:
        - greet:
            call: grpc
            with:
              proto: { endpoint: 'https://things.example/protos/greeter.proto' }
              service: { name: GreeterApi.Greeter, host: things.example, port: 5011 }
              method: SayHello
              arguments: { nane: Ada }
      """
    Then the workflow should be refused at '/do/0/greet/with/arguments/nane' because 'did you mean \'name\''

  @task.call.grpc.service.name
  Scenario: A service is found without its package
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-service-is-found-without-its-package, version: '1.0.0' }
      do:
        - greet:
            call: grpc
            with:
              proto: { endpoint: 'https://things.example/protos/greeter.proto' }
              service: { name: Greeter, host: things.example, port: 5011 }
              method: SayHello
              arguments: { name: Ada }
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'message' property with value:
      """yaml
      Hello Ada
      """

  @task.call.grpc.service.name
  Scenario: A service that there is not is refused with one that may be meant
    When a workflow is deployed with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-service-that-there-is-not-is-refused-w, version: '1.0.0' }
      do:
        - greet:
            call: grpc
            with:
              proto: { endpoint: 'https://things.example/protos/greeter.proto' }
              service: { name: GreeterApi.Greter, host: things.example }
              method: SayHello
      """
    Then the workflow should be refused at '/do/0/greet/with/service/name' because 'did you mean \'GreeterApi.Greeter\''

  @task.call.grpc.method
  Scenario: A method that there is not is refused with one that may be meant
    When a workflow is deployed with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-method-that-there-is-not-is-refused-wi, version: '1.0.0' }
      do:
        - greet:
            call: grpc
            with:
              proto: { endpoint: 'https://things.example/protos/greeter.proto' }
              service: { name: GreeterApi.Greeter, host: things.example, port: 5011 }
              method: SayHallo
      """
    Then the workflow should be refused at '/do/0/greet/with/method' because 'did you mean \'SayHello\''

  @task.call.grpc.service.host
  Scenario: A host that cannot be one is refused
    When a workflow is deployed with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-host-that-cannot-be-one-is-refused, version: '1.0.0' }
      do:
        - greet:
            call: grpc
            with:
              proto: { endpoint: 'https://things.example/protos/greeter.proto' }
              service: { name: Greeter, host: 'things example' }
              method: SayHello
      """
    Then the workflow should be refused at '/do/0/greet/with/service/host' because 'must be the name of a host'

  @task.call.grpc.service.host
  Scenario: A host whose address is not public is not called
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-host-whose-address-is-not-public-is-no, version: '1.0.0' }
      do:
        - greet:
            call: grpc
            with:
              proto: { endpoint: 'https://things.example/protos/greeter.proto' }
              service: { name: Greeter, host: localhost, port: 5013 }
              method: SayHello
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/authorization
      status: 403
      """

  @task.call.grpc.service.port
  Scenario: A port speaks TLS where that is said
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-port-speaks-tls-where-that-is-said, version: '1.0.0' }
      do:
        - greet:
            call: grpc
            with:
              proto: { endpoint: 'https://things.example/protos/greeter.proto' }
              service: { name: Greeter, host: things.example, port: 5012 }
              method: SayHello
              arguments: { name: Ada }
            metadata: { sluice: { tls: true } }
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'message' property with value:
      """yaml
      Hello Ada
      """

  @task.call.grpc.service.authentication
  Scenario: A call says who makes it
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-call-says-who-makes-it, version: '1.0.0' }
      do:
        - greet:
            call: grpc
            with:
              proto: { endpoint: 'https://things.example/protos/greeter.proto' }
              service: { name: Greeter, host: things.example, port: 5011, authentication: { basic: { username: ada, password: "${ .word }" } } }
              method: SayWho
            output: { as: { said: "${ .message | split(\" \") | first }", scheme: "${ $authorization.scheme }" } }
      """
    And given the workflow input is:
      """yaml
      word: lovelace
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'said' property with value:
      """yaml
      Basic
      """

  @task.call.grpc.service.authentication
  Scenario: Digest is refused
    When a workflow is deployed with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: digest-is-refused, version: '1.0.0' }
      do:
        - greet:
            call: grpc
            with:
              proto: { endpoint: 'https://things.example/protos/greeter.proto' }
              service: { name: Greeter, host: things.example, authentication: { digest: { username: ada, password: x } } }
              method: SayWho
      """
    Then the workflow should be refused at '/do/0/greet/with/service/authentication' because 'not available for gRPC'

  @task.call.grpc.proto
  Scenario: A file of the machine is refused
    When a workflow is deployed with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-file-of-the-machine-is-refused, version: '1.0.0' }
      do:
        - greet:
            call: grpc
            with:
              proto: { endpoint: "file://app/greet.proto" }
              service: { name: GreeterApi.Greeter, host: things.example, port: 5011 }
              method: SayHello
      """
    Then the workflow should be refused at '/do/0/greet/with/proto/endpoint' because 'files of the machine are not available'

  @task.call.grpc.proto
  Scenario: A file that is not of Protocol Buffers is refused
    When a workflow is deployed with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-file-that-is-not-of-protocol-buffers-i, version: '1.0.0' }
      do:
        - greet:
            call: grpc
            with:
              proto: { endpoint: "https://things.example/openapi.json" }
              service: { name: GreeterApi.Greeter, host: things.example, port: 5011 }
              method: SayHello
      """
    Then the workflow should be refused at '/do/0/greet/with/proto/endpoint' because 'openapi.json:1:1'

  @task.call.grpc.method
  Scenario: The status of a call that failed is that of the error
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: the-status-of-a-call-that-failed-is-that, version: '1.0.0' }
      do:
        - greet:
            call: grpc
            with:
              proto: { endpoint: 'https://things.example/protos/greeter.proto' }
              service: { name: GreeterApi.Greeter, host: things.example, port: 5011 }
              method: SayHello
              arguments: { name: nobody }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/communication
      status: 404
      detail: 'The upstream answered with NOT_FOUND: there is nobody'
      """

