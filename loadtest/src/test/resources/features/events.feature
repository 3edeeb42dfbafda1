Feature: Events
  Events that are emitted and listened for.

  @task.emit.event @event.id @event.time @event.subject @event.data @event.source @event.type
  Scenario: An event is the output of the task that emits it
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: an-event-is-the-output-of-the-task-that, version: '1.0.0' }
      do:
        - tell:
            emit:
              event:
                with:
                  source: https://things.example/orders
                  type: com.example.order.placed
                  subject: '${ .id }'
                  data: { items: '${ .items | length }' }
      """
    And given the workflow input is:
      """yaml
      id: o-1
      items: [ a, b ]
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have properties 'id', 'time', 'specversion'
    And the workflow output should have a 'source' property with value:
      """yaml
      https://things.example/orders
      """
    And the workflow output should have a 'type' property with value:
      """yaml
      com.example.order.placed
      """
    And the workflow output should have a 'subject' property with value:
      """yaml
      o-1
      """
    And the workflow output should have a 'data' property with value:
      """yaml
      items: 2
      """

  @task.listen.to.one
  Scenario: An event is heard by its type
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: an-event-is-heard-by-its-type, version: '1.0.0' }
      do:
        - tell:
            emit:
              event:
                with: { source: 'https://things.example', type: com.example.told, data: '${ . }' }
        - hear:
            listen:
              to: { one: { with: { type: com.example.told } } }
      """
    And given the workflow input is:
      """yaml
      n: 1
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      [ { n: 1 } ]
      """
    And tell should run before hear

  @task.listen.to.any
  Scenario: Any of several events is enough
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: any-of-several-events-is-enough, version: '1.0.0' }
      do:
        - tell:
            emit:
              event:
                with: { source: 'https://things.example', type: com.example.second, data: '${ . }' }
        - hear:
            listen:
              to:
                any:
                  - with: { type: com.example.first }
                  - with: { type: com.example.second }
      """
    And given the workflow input is:
      """yaml
      n: 2
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      [ { n: 2 } ]
      """

  @task.listen.to.all
  Scenario: All of several events are waited for
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: all-of-several-events-are-waited-for, version: '1.0.0' }
      do:
        - together:
            fork:
              branches:
                - hear:
                    listen:
                      to:
                        all:
                          - with: { type: com.example.one }
                          - with: { type: com.example.two }
                    output: { as: '[ .[].n ] | sort' }
                - tell:
                    do:
                      - one: { emit: { event: { with: { source: 'https://things.example', type: com.example.one, data: { n: 1 } } } } }
                      - two: { emit: { event: { with: { source: 'https://things.example', type: com.example.two, data: { n: 2 } } } } }
                    output: { as: '"told"' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      [ [ 1, 2 ], told ]
      """

  @task.listen.read
  Scenario: Events are read with their envelopes
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: events-are-read-with-their-envelopes, version: '1.0.0' }
      do:
        - tell:
            emit:
              event:
                with: { source: 'https://things.example', type: com.example.sealed, data: '${ . }' }
        - hear:
            listen:
              to: { one: { with: { type: com.example.sealed } } }
              read: envelope
            output: { as: '.[0]' }
      """
    And given the workflow input is:
      """yaml
      n: 3
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'type' property with value:
      """yaml
      com.example.sealed
      """
    And the workflow output should have a 'data.n' property with value:
      """yaml
      3
      """

  @task.listen.foreach.item @task.listen.foreach.do
  Scenario: Something is done with each event
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: something-is-done-with-each-event, version: '1.0.0' }
      do:
        - tell:
            emit:
              event:
                with: { source: 'https://things.example', type: com.example.each, data: '${ . }' }
        - hear:
            listen:
              to: { one: { with: { type: com.example.each } } }
            foreach:
              item: heard
              do:
                - reply:
                    set: { reply: '${ $heard.n + 1 }' }
      """
    And given the workflow input is:
      """yaml
      n: 4
      """
    When the workflow is executed
    Then the workflow should complete
    And reply should complete
    And hear should complete

  @event.filter.with
  Scenario: An event that differs in one attribute is not heard
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: an-event-that-differs-in-one-attribute-i, version: '1.0.0' }
      do:
        - tell:
            emit:
              event:
                with: { source: 'https://things.example', type: com.example.other, data: '${ . }' }
        - hear:
            listen:
              to: { one: { with: { type: com.example.other, source: 'https://elsewhere.example' } } }
            timeout: { after: { milliseconds: 500 } }
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/timeout
      status: 408
      instance: /do/1/hear
      """

  @event.filter.correlate.expect @event.filter.correlate.from
  Scenario: An event is heard that is correlated with the data
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: an-event-is-heard-that-is-correlated-wit, version: '1.0.0' }
      do:
        - tell:
            emit:
              event:
                with: { source: 'https://things.example', type: com.example.correlated, data: '${ . }' }
        - hear:
            input: { from: .data }
            listen:
              to: { one: { with: { type: com.example.correlated }, correlate: { order: { from: .data.order, expect: '${ .order }' } } } }
      """
    And given the workflow input is:
      """yaml
      order: o-1
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      [ { order: o-1 } ]
      """

  @event.filter.correlate.expect
  Scenario: An event that is correlated with other data is not heard
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: an-event-that-is-correlated-with-other-d, version: '1.0.0' }
      do:
        - tell:
            emit:
              event:
                with: { source: 'https://things.example', type: com.example.uncorrelated, data: '${ . }' }
        - hear:
            listen:
              to: { one: { with: { type: com.example.uncorrelated }, correlate: { order: { from: .data.order, expect: o-2 } } } }
            timeout: { after: { milliseconds: 500 } }
      """
    And given the workflow input is:
      """yaml
      order: o-1
      """
    When the workflow is executed
    Then the workflow should fault with error:
      """yaml
      type: https://open-workflow-specification.org/spec/1.0.0/errors/timeout
      status: 408
      instance: /do/1/hear
      """

  @task.listen.to.until
  Scenario: Events are heard until another is
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: events-are-heard-until-another-is, version: '1.0.0' }
      do:
        - one: { emit: { event: { with: { source: 'https://things.example', type: com.example.until-some, data: { n: 1 } } } } }
        - two: { emit: { event: { with: { source: 'https://things.example', type: com.example.until-some, data: { n: 2 } } } } }
        - enough: { emit: { event: { with: { source: 'https://things.example', type: com.example.until-enough, data: { n: 3 } } } } }
        - hear:
            listen:
              to:
                any: [ { with: { type: com.example.until-some } } ]
                until: { one: { with: { type: com.example.until-enough } } }
            timeout: { after: { seconds: 15 } }
            output: { as: '[ .[].n ]' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      [ 1, 2 ]
      """

  @task.listen.foreach.at @task.listen.foreach.output
  Scenario: What is done with each event knows its number
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: what-is-done-with-each-event-knows-its-n, version: '1.0.0' }
      do:
        - tell: { emit: { event: { with: { source: 'https://things.example', type: com.example.numbered, data: { n: 5 } } } } }
        - hear:
            listen: { to: { one: { with: { type: com.example.numbered } } } }
            foreach:
              item: heard
              at: place
              do:
                - reply:
                    set: { place: '${ $place }', n: '${ $heard.n }' }
              output: { as: '{ reply: "\(.place):\(.n)" }' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      [ { reply: '0:5' } ]
      """

  @task.listen.foreach.export
  Scenario: What is done with each event is remembered
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: what-is-done-with-each-event-is-remember, version: '1.0.0' }
      do:
        - tell: { emit: { event: { with: { source: 'https://things.example', type: com.example.remembered, data: { n: 5 } } } } }
        - hear:
            listen: { to: { one: { with: { type: com.example.remembered } } } }
            foreach:
              item: heard
              do:
                - reply:
                    set: { n: '${ $heard.n }' }
              export: { as: '{ last: .n }' }
        - recall:
            set: { last: '${ $context.last }' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      last: 5
      """

  @event.datacontenttype @event.dataschema
  Scenario: An event says what its data is
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: an-event-says-what-its-data-is, version: '1.0.0' }
      do:
        - tell:
            emit:
              event:
                with:
                  source: https://things.example
                  type: com.example.typed
                  datacontenttype: application/json
                  dataschema: https://things.example/schemas/thing.json
                  data: { id: 1 }
            output: { as: '{ datacontenttype, dataschema }' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      datacontenttype: application/json
      dataschema: https://things.example/schemas/thing.json
      """

  @event.datacontenttype @event.data
  Scenario: An event has data that is not JSON
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: an-event-has-data-that-is-not-json, version: '1.0.0' }
      do:
        - tell:
            emit:
              event:
                with:
                  source: https://things.example
                  type: com.example.text
                  datacontenttype: text/plain
                  data: ${ .words }
            output: { as: '{ datacontenttype, data }' }
      """
    And given the workflow input is:
      """yaml
      words: some text
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      datacontenttype: text/plain
      data: some text
      """
