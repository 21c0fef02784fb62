// Command plane is a Kubernetes control plane, and kubectl, in one binary: each of its parts is a
// subcommand that takes the flags of the original.
//
// It exists so that tests need neither container images nor archives from anywhere: the parts are
// built from their published Go modules.
package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	kubectl "k8s.io/kubectl/pkg/cmd"
	"k8s.io/kubectl/pkg/cmd/util"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllers "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
)

func main() {
	if len(os.Args) < 2 {
		fail("plane needs the name of a part: etcd, kube-apiserver, kube-controller-manager, kube-scheduler, kubectl")
	}
	name := os.Args[1]
	os.Args = append([]string{name}, os.Args[2:]...) // what the part takes for its own command line
	switch name {
	case "etcd":
		etcdmain.Main(os.Args)
	case "kube-apiserver":
		run(apiserver.NewAPIServerCommand())
	case "kube-controller-manager":
		run(controllers.NewControllerManagerCommand())
	case "kube-scheduler":
		run(scheduler.NewSchedulerCommand())
	case "kubectl":
		util.CheckErr(cli.RunNoErrOutput(kubectl.NewDefaultKubectlCommand()))
	default:
		fail(fmt.Sprintf("plane has no part %q", name))
	}
}

func run(part *cobra.Command) { os.Exit(cli.Run(part)) }

func fail(message string) {
	fmt.Fprintln(os.Stderr, message)
	os.Exit(2)
}
