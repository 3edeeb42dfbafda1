Feature: For
  Tasks for each of several things.

  @task.for.each @task.for.do
  Scenario: An item has the name it is given
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: an-item-has-the-name-it-is-given, version: '1.0.0' }
      do:
        - total:
            for: { each: line, in: .lines }
            do:
              - add:
                  set: { lines: '${ .lines }', sum: '${ .sum + $line.price }' }
      """
    And given the workflow input is:
      """yaml
      lines: [ { price: 2 }, { price: 5 } ]
      """
    When the workflow is executed
    Then the workflow should complete
    And the workflow output should have a 'sum' property with value:
      """yaml
      7
      """
    And add should run 2 times

  @task.for.each
  Scenario: An item without a name is called item
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: an-item-without-a-name-is-called-item, version: '1.0.0' }
      do:
        - join:
            for: { in: .words }
            do:
              - append:
                  set: { words: '${ .words }', text: '${ (.text // "") + $item }' }
            output: { as: .text }
      """
    And given the workflow input is:
      """yaml
      words: [ a, b, c ]
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      abc
      """

  @task.for.at
  Scenario: The number of an item has the name it is given
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: the-number-of-an-item-has-the-name-it-is, version: '1.0.0' }
      do:
        - positions:
            for: { each: letter, in: .letters, at: place }
            do:
              - note:
                  set: { letters: '${ .letters }', seen: '${ .seen + [ "\($place):\($letter)" ] }' }
            output: { as: .seen }
      """
    And given the workflow input is:
      """yaml
      letters: [ x, y ]
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      [ '0:x', '1:y' ]
      """

  @task.for.in
  Scenario: The items stand in the document
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: the-items-stand-in-the-document, version: '1.0.0' }
      do:
        - all:
            for: { each: n, in: [ 1, 2, 3 ] }
            do:
              - add:
                  set: { sum: '${ .sum + $n }' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      sum: 6
      """

  @task.for.while
  Scenario: It ends when its condition holds no more
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: it-ends-when-its-condition-holds-no-more, version: '1.0.0' }
      do:
        - some:
            for: { each: n, in: '[ range(10) ]' }
            while: (.sum // 0) < 3
            do:
              - add:
                  set: { sum: '${ .sum + $n }' }
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      sum: 3
      """
    And add should run 3 times

  @task.for.in
  Scenario: Of nothing nothing is done
    Given a workflow with definition:
      """yaml
      document: { dsl: '1.0.3', namespace: conformance, name: of-nothing-nothing-is-done, version: '1.0.0' }
      do:
        - none:
            for: { each: n, in: .things }
            do:
              - never:
                  set: { wrong: true }
      """
    And given the workflow input is:
      """yaml
      things: []
      """
    When the workflow is executed
    Then the workflow should complete with output:
      """yaml
      things: []
      """
    And never should not run
