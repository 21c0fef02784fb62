"""The outer world as the controller sees it: Protocols only, implemented by kube/, prometheus/ and tests."""
