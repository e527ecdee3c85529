package io.jenkins.plugins.pymacaron.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests which option settings aws_options accepts. */
class AwsOptionsTest {
    private final Problems problems = new Problems("f");

    private Settings read(String options) throws ConfigException {
        Value.Mapping file = YamlReader.read("f", ("aws_options: " + options).getBytes(), problems);
        return SettingsReader.read(file, List.of(AwsKeys.AWS_OPTIONS), problems).settings();
    }

    @Test
    void valuesAreTexts() throws ConfigException {
        assertThat(read("{'aws:elbv2:loadbalancer': {IdleTimeout: 120}, 'aws:ec2:instances': {EnableSpot: true}}")
                        .find(AwsKeys.AWS_OPTIONS))
                .contains(Map.of("aws:elbv2:loadbalancer|IdleTimeout", "120", "aws:ec2:instances|EnableSpot", "true"));
        assertThat(problems.all()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'aws:elasticbeanstalk:application:environment': {A: b}} | env_secrets",
                "{'aws:elasticbeanstalk:customoption': {DbPassword: b}} | env_secrets",
                "{'aws:rds:dbinstance': {DBEngine: mysql}} | database",
                "{'aws:autoscaling:asg': {MinSize: 2}} | aws_hosts_min",
                "{'aws:ec2:vpc': {VPCId: vpc-1}} | aws_vpc",
                "{'aws:elasticbeanstalk:environment': {LoadBalancerType: network}} | Remove it",
                "{'aws:elb:loadbalancer': {CrossZone: true}} | application load balancer",
                "{elbv2: {IdleTimeout: 1}} | Write for instance",
                "{'aws:elbv2:loadbalancer': 3} | Write for instance",
                "{'aws:elbv2:loadbalancer': {IdleTimeout: [1]}} | Write for instance",
                "{'aws:elbv2:loadbalancer': {IdleTimeout: }} | Write for instance"
            })
    void anOptionOfAnotherPlaceIsRefusedWithAdvice(String options, String advice) throws ConfigException {
        assertThat(read(options).find(AwsKeys.AWS_OPTIONS)).isEmpty();
        assertThat(problems.all()).singleElement().asString().contains(advice);
    }
}
