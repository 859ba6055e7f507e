import { Component, type ReactNode } from 'react';
import { messages } from '../messages';
import { FaultCode } from './Fault';
import { Notice } from './Notice';

interface CrashScreenProps {
  readonly children: ReactNode;
}

/** Where a fault of the page itself ends: in words, with a way back. A sale on its way is found again after it. */
export class CrashScreen extends Component<CrashScreenProps, { readonly crashed: boolean }> {
  override state = { crashed: false };

  static getDerivedStateFromError(): { readonly crashed: boolean } {
    return { crashed: true };
  }

  override render(): ReactNode {
    if (!this.state.crashed) return this.props.children;
    return (
      <Notice kind="problem" page title={messages.state.crashed}>
        <FaultCode code="page_crashed" />
        <button type="button" className="button button-primary" onClick={() => window.location.reload()}>
          {messages.state.reload}
        </button>
      </Notice>
    );
  }
}
