package io.jenkins.plugins.pymacaron.jenkins.dsl

import org.jenkinsci.plugins.workflow.cps.CpsScript

/** Opens stages and calls steps. What is to be done, Order has decided; how, the steps know. */
class PymacaronDeploy implements Serializable {
    private static final long serialVersionUID = 1
    private final CpsScript script

    PymacaronDeploy(CpsScript script) {
        this.script = script
    }

    def call(Object parameters = [:]) {
        Map order = script.steps.pymacaronDeploy(parameters: Parameters.storable(parameters))
        try {
            go(order)
        } catch (Throwable failure) {
            try {
                Parameters.closure(parameters, 'onFailure')?.call(failure.message)
            } catch (Throwable other) {
                Ending.alsoFailed(script.$build(), other)
            }
            throw failure
        } finally {
            Ending.of(script.$build(), order)
        }
        Parameters.closure(parameters, 'onSuccess')?.call(order.done)
        order.done
    }

    private void go(Map order) {
        onNode(order) {
            stage(order, 'Roll back') { order.done = script.pymRollback(order.rollback) }
            stage(order, 'Preflight') {
                order.done = script."${order.preflight}"(order.steps)
                Pauses.check(script.$build(), order)
            }
            stage(order, 'Unit tests') { inImage(order.testImage) { script.pymTest(order.steps) } }
            stage(order, 'Build image') { order.done = script.pymBuild(order.build) }
            stage(order, 'Accept image') { script.pymAccept(order.steps + [on: 'container']) }
            stage(order, 'Push image') { order.done = script.pymPush(order.steps) }
            stage(order, 'Deploy staging') { order.done = script.pymDeploy(order.deploy) }
            stage(order, 'Accept staging') { script.pymAccept(order.steps + [on: 'staging']) }
            order.approve == null ? goLive(order) : null
        }
        if (order.approve != null) {
            stage(order, 'Approve') { script.input(Approval.question(script.$build(), order)) }
            onNode(order) { goLive(order) }
        }
    }

    private void goLive(Map order) {
        stage(order, 'Promote to live') { order.done = script.pymPromote(order.promote) }
        try {
            stage(order, 'Accept live') { script.pymAccept(order.steps + [on: 'live']) }
        } catch (Throwable failure) {
            script.stage('Roll back') { rollBack(order, failure) }
            throw Ending.rolledBack(failure, order.back)
        }
    }

    private void rollBack(Map order, Throwable why) {
        try {
            order.back = script.pymRollback(order.steps + [reason: Ending.why(why)])
        } catch (Throwable other) {
            throw Ending.notRolledBack(why, other)
        }
    }

    private void stage(Map order, String name, Closure body) {
        order.stages.contains(name) ? script.stage(name, body) : null
    }

    private void inImage(String image, Closure body) {
        image ? script.docker.image(image).inside(body) : body()
    }

    /** In the user's own node, or in one of ours, with the commit of the first time. */
    private void onNode(Map order, Closure body) {
        order.inNode ? body() : script.node(Place.label(order)) {
            order << Place.of(order, script.env.NODE_NAME, script.checkout(Place.scm(order, script.scm)))
            body()
        }
    }
}
