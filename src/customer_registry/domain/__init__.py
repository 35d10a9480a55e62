"""The pure heart: values, customers, codes and policies, without input, output, clock or chance."""
