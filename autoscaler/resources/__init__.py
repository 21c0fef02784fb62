"""The custom resources of `meetscale.io/v1alpha1` as typed models; the CRDs come from them."""
