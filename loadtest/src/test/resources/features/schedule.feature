Feature: Schedule
  Workflows that are started by what happens.

  @workflow.schedule.on.one
  Scenario: An event starts a workflow
    Given another workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: an-event-starts-a-workflow-other, version: '1.0.0' }
      schedule: { on: { one: { with: { type: com.example.on-one } } } }
      do:
        - answer:
            emit: { event: { with: { source: 'https://things.example', type: com.example.on-one.answered, data: { heard: '${ . }' } } } }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: an-event-starts-a-workflow, version: '1.0.0' }
      do:
        - tell0:
            emit: { event: { with: { source: 'https://things.example', type: com.example.on-one, data: { n: 1 } } } }
        - hear:
            listen: { to: { one: { with: { type: com.example.on-one.answered } } } }
            timeout: { after: { seconds: 15 } }
            output: { as: '.[0].heard' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      [ { n: 1 } ]
      """

  @workflow.schedule.on.one @event.filter.correlate
  Scenario: An event with the value that is expected starts a workflow
    Given another workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: an-event-with-the-value-other, version: '1.0.0' }
      schedule: { on: { one: { with: { type: com.example.correlated }, correlate: { kind: { from: .data.kind, expect: right } } } } }
      do:
        - answer:
            emit: { event: { with: { source: 'https://things.example', type: com.example.correlated.answered, data: { heard: '${ . }' } } } }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: an-event-with-the-value, version: '1.0.0' }
      do:
        - tell0:
            emit: { event: { with: { source: 'https://things.example', type: com.example.correlated, data: { kind: wrong } } } }
        - tell1:
            emit: { event: { with: { source: 'https://things.example', type: com.example.correlated, data: { kind: right } } } }
        - hear:
            listen: { to: { one: { with: { type: com.example.correlated.answered } } } }
            timeout: { after: { seconds: 15 } }
            output: { as: '.[0].heard' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      [ { kind: right } ]
      """

  @workflow.schedule.on.any
  Scenario: Any of several events starts a workflow
    Given another workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: any-of-several-events-starts-a-workflow-other, version: '1.0.0' }
      schedule: { on: { any: [ { with: { type: com.example.on-first } }, { with: { type: com.example.on-second } } ] } }
      do:
        - answer:
            emit: { event: { with: { source: 'https://things.example', type: com.example.on-any.answered, data: { heard: '${ . }' } } } }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: any-of-several-events-starts-a-workflow, version: '1.0.0' }
      do:
        - tell0:
            emit: { event: { with: { source: 'https://things.example', type: com.example.on-second, data: { n: 2 } } } }
        - hear:
            listen: { to: { one: { with: { type: com.example.on-any.answered } } } }
            timeout: { after: { seconds: 15 } }
            output: { as: '.[0].heard' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      [ { n: 2 } ]
      """

  @workflow.schedule.on.all
  Scenario: All of several events together start a workflow
    Given another workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: all-of-several-events-together-start-a-w-other, version: '1.0.0' }
      schedule: { on: { all: [ { with: { type: com.example.on-left } }, { with: { type: com.example.on-right } } ] } }
      do:
        - answer:
            emit: { event: { with: { source: 'https://things.example', type: com.example.on-all.answered, data: { heard: '${ . }' } } } }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: all-of-several-events-together-start-a-w, version: '1.0.0' }
      do:
        - tell0:
            emit: { event: { with: { source: 'https://things.example', type: com.example.on-left, data: { n: 1 } } } }
        - tell1:
            emit: { event: { with: { source: 'https://things.example', type: com.example.on-right, data: { n: 2 } } } }
        - hear:
            listen: { to: { one: { with: { type: com.example.on-all.answered } } } }
            timeout: { after: { seconds: 15 } }
            output: { as: '[ .[0].heard[].n ] | sort' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      [ 1, 2 ]
      """

  @workflow.schedule.on.until
  Scenario: Events start a workflow once a condition holds of them
    Given another workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: events-start-a-workflow-once-a-condit-other, version: '1.0.0' }
      schedule: { on: { any: [ { with: { type: com.example.on-some } } ], until: '(map(.n) | add) > 5' } }
      do:
        - answer:
            emit: { event: { with: { source: 'https://things.example', type: com.example.on-some.answered, data: { heard: '${ . }' } } } }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: events-start-a-workflow-once-a-condit, version: '1.0.0' }
      do:
        - tell0:
            emit: { event: { with: { source: 'https://things.example', type: com.example.on-some, data: { n: 2 } } } }
        - tell1:
            emit: { event: { with: { source: 'https://things.example', type: com.example.on-some, data: { n: 2 } } } }
        - tell2:
            emit: { event: { with: { source: 'https://things.example', type: com.example.on-some, data: { n: 2 } } } }
        - hear:
            listen: { to: { one: { with: { type: com.example.on-some.answered } } } }
            timeout: { after: { seconds: 15 } }
            output: { as: '.[0].heard' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      [ { n: 2 }, { n: 2 }, { n: 2 } ]
      """

  @workflow.schedule.on.until
  Scenario: Events start a workflow once another has come
    Given another workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: events-start-a-workflow-once-another-other, version: '1.0.0' }
      schedule:
        on:
          any: [ { with: { type: com.example.on-item }, correlate: { order: { from: .data.order } } } ]
          until: { one: { with: { type: com.example.on-end }, correlate: { order: { from: .data.order } } } }
      do:
        - answer:
            emit: { event: { with: { source: 'https://things.example', type: com.example.on-item.answered, data: { heard: '${ . }' } } } }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: events-start-a-workflow-once-another, version: '1.0.0' }
      do:
        - tell0:
            emit: { event: { with: { source: 'https://things.example', type: com.example.on-item, data: { order: 7, n: 1 } } } }
        - tell1:
            emit: { event: { with: { source: 'https://things.example', type: com.example.on-item, data: { order: 8, n: 2 } } } }
        - tell2:
            emit: { event: { with: { source: 'https://things.example', type: com.example.on-item, data: { order: 7, n: 3 } } } }
        - rest: { wait: { seconds: 5 } }
        - enough:
            emit: { event: { with: { source: 'https://things.example', type: com.example.on-end, data: { order: 7 } } } }
        - hear:
            listen: { to: { one: { with: { type: com.example.on-item.answered } } } }
            timeout: { after: { seconds: 15 } }
            output: { as: '[ .[0].heard[].n ] | sort' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      [ 1, 3 ]
      """

  @workflow.schedule.read
  Scenario: A workflow is given the envelope of what started it
    Given another workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-workflow-is-given-the-envelope-of-what-other, version: '1.0.0' }
      schedule: { on: { one: { with: { type: com.example.on-read } } }, read: envelope }
      do:
        - answer:
            emit: { event: { with: { source: 'https://things.example', type: com.example.on-read.answered, data: { heard: '${ . }' } } } }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-workflow-is-given-the-envelope-of-what, version: '1.0.0' }
      do:
        - tell0:
            emit: { event: { with: { source: 'https://things.example', type: com.example.on-read, data: { n: 3 } } } }
        - hear:
            listen: { to: { one: { with: { type: com.example.on-read.answered } } } }
            timeout: { after: { seconds: 15 } }
            output: { as: '.[0].heard[0] | { type, data }' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      type: com.example.on-read
      data: { n: 3 }
      """

  @workflow.schedule.read
  Scenario: How events are read is said only of what is started by them
    When a workflow is deployed with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: how-events-are-read-is-said-only-of-what, version: '1.0.0' }
      schedule: { every: { hours: 1 }, read: data }
      do:
        - one: { set: { n: 1 } }
      """
    Then the workflow should be refused at '/schedule/read' because 'needs'

  @workflow.schedule.cron
  Scenario: A time that there is not is refused
    When a workflow is deployed with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-time-that-there-is-not-is-refused, version: '1.0.0' }
      schedule: { cron: '61 * * * *' }
      do:
        - one: { set: { n: 1 } }
      """
    Then the workflow should be refused at '/schedule/cron' because '61'

  @workflow.schedule.every
  Scenario: A workflow is started again and again
    Given another workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-workflow-is-started-again-and-again-other, version: '1.0.0' }
      schedule: { every: { seconds: 1 } }
      do:
        - tick: { emit: { event: { with: { source: 'https://things.example', type: com.example.every } } } }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-workflow-is-started-again-and-again, version: '1.0.0' }
      do:
        - first:
            listen: { to: { one: { with: { type: com.example.every } } }, read: envelope }
            timeout: { after: { seconds: 15 } }
            export: { as: '{ id: .[0].id }' }
        - second:
            listen: { to: { one: { with: { type: com.example.every } } }, read: envelope }
            timeout: { after: { seconds: 15 } }
      output: { as: '.[0].id != $context.id' }
      """
    When the workflow is executed
    Given another workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-workflow-is-started-again-and-again-other, version: '2.0.0' }
      do:
        - one: { set: { n: 1 } }
      """
    Then the workflow should complete with output:
      """yaml
      true
      """

  @workflow.schedule.after
  Scenario: A workflow is started again after its end
    Given another workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-workflow-is-started-again-after-its-en-other, version: '1.0.0' }
      schedule: { after: { milliseconds: 500 } }
      do:
        - tick: { emit: { event: { with: { source: 'https://things.example', type: com.example.after } } } }
      """
    And a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-workflow-is-started-again-after-its-en, version: '1.0.0' }
      do:
        - first:
            listen: { to: { one: { with: { type: com.example.after } } }, read: envelope }
            timeout: { after: { seconds: 15 } }
            export: { as: '{ id: .[0].id }' }
        - second:
            listen: { to: { one: { with: { type: com.example.after } } }, read: envelope }
            timeout: { after: { seconds: 15 } }
      output: { as: '.[0].id != $context.id' }
      """
    When the workflow is executed
    Given another workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: a-workflow-is-started-again-after-its-en-other, version: '2.0.0' }
      do:
        - one: { set: { n: 1 } }
      """
    Then the workflow should complete with output:
      """yaml
      true
      """
